// Package guest puts somebody native beside the participants of a page: into a
// video room, a call or a text room of the same gateway. It sends the clip and
// records what it receives, which ffmpeg decodes afterwards.
//
//	g, err := guest.New(ctx, guest.Options{Plugin: videoroom.Plugin, URL: gw, Room: 1234, Name: "native"})
//	defer g.Close()
//	got, err := g.Do(ctx, "received", feed) // a *Received
//
// All but this file is native only.
package guest
