package media

import (
	"context"
	"io"

	"github.com/bifrons-rtc/bifrons/client"
)

// later is why a browser build does nothing yet.
const later = "not in a browser build yet"

type (
	engine     struct{}
	feed       struct{}
	sender     struct{}
	track      struct{}
	channel    struct{}
	recorder   struct{}
	sampleSink struct{}
	intake     any
)

func newEngine(Options, hooks, any) (*engine, error) { return nil, unsupported("peer", later) }

func (*engine) add(*feed, SendOptions) (*sender, error) { return nil, unsupported("send", later) }
func (*engine) receive(Kind) error                      { return unsupported("receive", later) }
func (*engine) openData(string, DataOptions) (*channel, error) {
	return nil, unsupported("data channel", later)
}
func (*engine) offer(context.Context, bool) (string, <-chan struct{}, error) {
	return "", nil, unsupported("offer", later)
}
func (*engine) answer(context.Context, string) (string, <-chan struct{}, error) {
	return "", nil, unsupported("answer", later)
}
func (*engine) accept(context.Context, string) error  { return unsupported("accept", later) }
func (*engine) localSDP() string                      { return "" }
func (*engine) addCandidate(client.Candidate) error   { return unsupported("candidate", later) }
func (*engine) limitMessages(int)                     {}
func (*engine) stats(context.Context) (*Stats, error) { return nil, unsupported("stats", later) }
func (*engine) underlying() any                       { return nil }
func (*engine) close()                                {}

func newFeed(Codec) (*feed, error) { return nil, unsupported("samples", later) }

func (*feed) write(context.Context, Sample) error { return unsupported("samples", later) }
func (*feed) keyframes() <-chan struct{}          { return nil }
func (*feed) done() <-chan struct{}               { return nil }
func (*feed) err() error                          { return nil }
func (*feed) close() error                        { return nil }

func (*sender) kind() Kind                            { return 0 }
func (*sender) mid() string                           { return "" }
func (*sender) replace(context.Context, Source) error { return unsupported("replace", later) }
func (*sender) mute(bool) error                       { return unsupported("mute", later) }
func (*sender) remove() error                         { return unsupported("remove", later) }

func (*track) attach(*Track, Sink) error { return unsupported("attach", later) }
func (*track) requestKeyframe() error    { return unsupported("keyframe", later) }
func (*track) done() <-chan struct{}     { return nil }

func (*channel) label() string                          { return "" }
func (*channel) protocol() string                       { return "" }
func (*channel) send(context.Context, []byte) error     { return unsupported("data channel", later) }
func (*channel) sendText(context.Context, string) error { return unsupported("data channel", later) }
func (*channel) receive(context.Context) (Data, error) {
	return Data{}, unsupported("data channel", later)
}
func (*channel) opened() <-chan struct{} { return nil }
func (*channel) done() <-chan struct{}   { return nil }
func (*channel) close() error            { return nil }

func newRecorder(io.WriteCloser, RecordOptions) (*recorder, error) {
	return nil, unsupported("record", later)
}

func (*recorder) stats() RecordStats          { return RecordStats{} }
func (*recorder) done() <-chan struct{}       { return nil }
func (*recorder) err() error                  { return nil }
func (*recorder) close() error                { return nil }
func (*recorder) open(*Track) (intake, error) { return nil, unsupported("record", later) }

func newSampleSink() (*sampleSink, error) { return nil, unsupported("samples", later) }

func (*sampleSink) read(context.Context) (Sample, error) {
	return Sample{}, unsupported("samples", later)
}
func (*sampleSink) close() error                { return nil }
func (*sampleSink) open(*Track) (intake, error) { return nil, unsupported("samples", later) }

func openFiles(context.Context, FileOptions, []string) ([]Source, error) {
	return nil, unsupported("file", later)
}

func inspect(context.Context, io.Reader) (*Inspection, error) {
	return nil, unsupported("inspect", later)
}

func openDevice(context.Context, DeviceRequest) ([]Source, error) {
	return nil, unsupported("capture", later)
}

func listDevices(context.Context) ([]DeviceInfo, error) { return nil, unsupported("capture", later) }

func openDisplay(context.Context, DeviceRequest) ([]Source, error) {
	return nil, unsupported("capture a screen", later)
}

func captureElement(string) ([]Source, error) { return nil, unsupported("capture an element", later) }

func openElement(string) (Sink, error) { return nil, unsupported("show in an element", later) }
