// Package media moves audio, video and data between a Janus handle and the
// things an application has: files, samples, devices, page elements.
//
// A [Peer] is the WebRTC peer connection of one handle. It is a
// client.Negotiator, so that plugin packages run the whole exchange with it:
//
//	peer, err := media.NewPeer(echo, nil)
//	sources, err := media.File(ctx, nil, "clip.ivf", "clip.ogg")
//	for _, src := range sources {
//		_, err = peer.Add(src, nil)
//	}
//	err = echo.Start(ctx, echotest.Config{}, peer)
//
// What comes back arrives as *[TrackAdded] on the handle's own event stream,
// and goes where [Track.Attach] says: a [Recorder], a [SampleSink], an
// [ElementSink] of a page, [Discard].
//
// # Targets
//
// The exported surface is the same on every target. Natively it stands on
// pion/webrtc, in a browser on the page's own RTCPeerConnection. What a target
// cannot do returns an error that matches errors.ErrUnsupported; nothing is
// missing and nothing panics. Natively there are files and samples; in a page
// there are devices, screens, elements and files, and the browser encodes and
// decodes.
//
// # Concurrency
//
// The methods of every type may be called concurrently, except that a
// [SampleSource] has one writer, and a [SampleSink] and a [DataChannel] have one
// reader each. Close is idempotent everywhere and returns when the goroutines of
// the thing closed are gone.
//
// Specifications: W3C WebRTC 1.0, RFC 8829 (JSEP), RFC 8839 (candidates), RFC
// 8831 (data channels).
package media
