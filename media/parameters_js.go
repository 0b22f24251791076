package media

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// encodings returns the layers of a sender that has some; nil for one stream
// without any.
func encodings(o SendOptions) []any {
	limit := func(layer map[string]any, bitrate int) map[string]any {
		if bitrate > 0 {
			layer["maxBitrate"] = bitrate
		}
		if o.MaxFrameRate > 0 {
			layer["maxFramerate"] = o.MaxFrameRate
		}
		if o.ScalabilityMode != "" {
			layer["scalabilityMode"] = o.ScalabilityMode
		}
		return layer
	}
	switch {
	case o.Simulcast:
		if o.ScalabilityMode == "" {
			o.ScalabilityMode = "L1T2" // what Janus can drop pictures of
		}
		b := o.LayerBitrates
		return []any{ // the largest first, which is rid_order "hml"
			limit(map[string]any{"rid": "h"}, cmp.Or(b.High, 900_000)),
			limit(map[string]any{"rid": "m", "scaleResolutionDownBy": 2}, cmp.Or(b.Medium, 300_000)),
			limit(map[string]any{"rid": "l", "scaleResolutionDownBy": 4}, cmp.Or(b.Low, 100_000)),
		}
	case o.ScalabilityMode != "":
		return []any{limit(map[string]any{}, o.MaxBitrate)}
	}
	return nil
}

// preferences returns the codecs of the browser with the named ones in front.
func preferences(k Kind, names []string) ([]any, error) {
	if len(names) == 0 {
		return nil, nil
	}
	rest := items(js.Global().Get("RTCRtpReceiver").Call("getCapabilities", k.String()).Get("codecs"))
	var ordered []any
	for _, name := range names {
		before := len(ordered)
		rest = slices.DeleteFunc(rest, func(c js.Value) bool {
			mime := Codec{MIME: c.Get("mimeType").String()}
			if !strings.EqualFold(mime.Name(), name) && !strings.EqualFold(mime.MIME, name) {
				return false
			}
			ordered = append(ordered, c)
			return true
		})
		if len(ordered) == before {
			return nil, &CodecError{Kind: k, Codec: name, Reason: "this browser does not have it", Fix: "leave it out of Codecs"}
		}
	}
	for _, c := range rest {
		ordered = append(ordered, c)
	}
	return ordered, nil
}

// configureNew sets what senders were added with.
func (e *engine) configureNew(ctx context.Context) error {
	e.mu.Lock()
	senders := slices.Clone(e.senders)
	e.mu.Unlock()
	for _, s := range senders {
		if s.added() == nil && s.layers.IsUndefined() {
			continue
		}
		if err := s.configure(ctx, SendParameters{}); err != nil {
			return err
		}
	}
	return nil
}

// added returns what the sender was added with and does not have yet.
func (s *sender) added() *SendParameters {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fresh
}

func (s *sender) configure(ctx context.Context, p SendParameters) error {
	release, err := s.take(ctx, "configure")
	if err != nil {
		return err
	}
	defer release()
	first := s.added()
	params := s.rtp.Call("getParameters")
	for i, layer := range items(params.Get("encodings")) {
		if !s.layers.IsUndefined() {
			js.Global().Get("Object").Call("assign", layer, s.layers.Index(i))
		}
		if first != nil {
			first.apply(layer)
		}
		p.apply(layer)
	}
	promise, err := call(s.rtp, "setParameters", params)
	if err == nil {
		_, err = s.e.await(ctx, promise)
	}
	if err != nil {
		return fmt.Errorf("media: configure: %w", err)
	}
	s.mu.Lock()
	s.fresh, s.layers = nil, js.Undefined()
	s.mu.Unlock()
	return nil
}

// apply changes one RTCRtpEncodingParameters.
func (p *SendParameters) apply(layer js.Value) {
	rid := text(layer.Get("rid"))
	bitrate := p.MaxBitrate
	if n := map[string]int{"h": p.LayerBitrates.High, "m": p.LayerBitrates.Medium, "l": p.LayerBitrates.Low}[rid]; n > 0 {
		bitrate = &n
	}
	switch {
	case bitrate == nil:
	case *bitrate == 0:
		layer.Delete("maxBitrate")
	default:
		layer.Set("maxBitrate", *bitrate)
	}
	switch {
	case p.MaxFrameRate == nil:
	case *p.MaxFrameRate == 0:
		layer.Delete("maxFramerate")
	default:
		layer.Set("maxFramerate", *p.MaxFrameRate)
	}
	if p.Layers != nil {
		layer.Set("active", slices.Contains(p.Layers, rid))
	}
}
