// Package rawpeer is a peer on bare pion, for tests: it sends what package media
// natively does not, because nobody would want to send it.
//
//	p := rawpeer.New(t, rawpeer.Options{Simulcast: true})
//	err := echo.Start(ctx, echotest.Config{}, p)
//
// All but this file is native only.
package rawpeer
