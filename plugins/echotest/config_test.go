package echotest

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// settings are the names on the wire, from the plugin's documentation.
var settings = []string{
	"audio", "audiocodec", "bitrate", "fallback", "filename", "max_delay", "min_delay", "opusred", "record",
	"spatial_layer", "substream", "svc", "temporal", "temporal_layer", "video", "videocodec", "videoprofile",
}

// full returns a Config with every field set.
func full() Config {
	var c Config
	v := reflect.ValueOf(&c).Elem()
	for i := range v.NumField() {
		v.Field(i).Set(reflect.New(v.Field(i).Type().Elem()))
	}
	return c
}

func TestConfigNames(t *testing.T) {
	b, err := json.Marshal(full())
	require.NoError(t, err)
	var m map[string]any
	require.NoError(t, json.Unmarshal(b, &m), "zero values are sent")
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	require.Equal(t, settings, names)
	b, err = json.Marshal(Config{})
	require.NoError(t, err)
	require.Equal(t, "{}", string(b))
}

func TestConfigMerge(t *testing.T) {
	all := full()
	var c Config
	c.merge(&all)
	require.Equal(t, all, c, "every field is merged")
	*all.Bitrate = 5
	require.Zero(t, *c.Bitrate, "and copied")
	c.merge(&Config{Bitrate: new(7)})
	require.Equal(t, 7, *c.Bitrate)
	require.NotNil(t, c.Audio)
}

func TestConfigNegotiated(t *testing.T) {
	all := full()
	n := all.negotiated()
	require.NotNil(t, n.AudioCodec)
	require.NotNil(t, n.OpusRED)
	require.Nil(t, n.Record, "a repeated record begins new files")
}
