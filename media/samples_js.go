package media

import (
	"context"
	"io"
)

const noSamples = "a browser encodes and decodes by itself; natively only"

func newFeed(Codec) (*feed, error) { return nil, unsupported("samples", noSamples) }

func (*feed) write(context.Context, Sample) error { return unsupported("samples", noSamples) }

func (*feed) keyframes() <-chan struct{} { return nil }

type sampleSink struct{}

func newSampleSink() (*sampleSink, error) { return nil, unsupported("samples", noSamples) }

func (*sampleSink) read(context.Context) (Sample, error) {
	return Sample{}, unsupported("samples", noSamples)
}

func (*sampleSink) close() error { return nil }

func (*sampleSink) open(*Track) (intake, error) { return nil, unsupported("samples", noSamples) }

func inspect(context.Context, io.Reader) (*Inspection, error) {
	return nil, unsupported("inspect", "natively only")
}
