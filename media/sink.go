package media

// Sink consumes tracks. The set is closed: [Record], [NewSampleSink], [Element]
// and [Discard] make them. A Sink belongs to the caller, who closes it; a track
// whose sink was closed is drained.
type Sink interface {
	// Close ends the sink; it takes nothing more.
	Close() error

	// open prepares s for t.
	open(t *Track) (intake, error)
}

type discard struct{}

// Discard returns a sink that takes everything and keeps nothing.
func Discard() Sink { return discard{} }

func (discard) Close() error { return nil }

func (discard) open(*Track) (intake, error) { return nil, nil }
