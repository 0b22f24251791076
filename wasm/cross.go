//go:build js

package main

import (
	"github.com/bifrons-rtc/bifrons/internal/pagejson"
	"github.com/bifrons-rtc/bifrons/media"
)

// encode makes JSON of a result. Objects become references with what is fixed
// about them, errors their parts.
func (p *program) encode(v any) string { return string(pagejson.Append(nil, v, p.cross)) }

func (p *program) cross(v any) (any, bool) {
	switch v := v.(type) {
	case error:
		return describe("", v), true
	case *media.Track:
		return struct {
			Ref               int
			ID, StreamID, MID string
			Kind              media.Kind
			Codec             media.Codec
		}{p.objects.add(v), v.ID, v.StreamID, v.MID, v.Kind, v.Codec}, true
	case *media.DataChannel:
		return struct {
			Ref             int
			Label, Protocol string
		}{p.objects.add(v), v.Label(), v.Protocol()}, true
	case *media.Sender:
		return kinded{p.objects.add(v), v.Kind()}, true
	case *sending:
		return kinded{p.objects.add(v), v.current().Kind()}, true
	case media.Source:
		return kinded{p.objects.add(v), v.Kind()}, true
	case *media.ElementSink:
		return p.objects.add(v), true
	}
	return nil, false
}

// kinded is a reference of something that is audio or video.
type kinded struct {
	Ref  int
	Kind media.Kind
}
