package videocall

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestConfigMerge(t *testing.T) {
	var all Config
	v := reflect.ValueOf(&all).Elem()
	for i := range v.NumField() {
		v.Field(i).Set(reflect.New(v.Field(i).Type().Elem()))
	}
	var c Config
	c.merge(&all)
	require.Equal(t, all, c, "every field is merged")
	*all.Bitrate = 5
	require.Zero(t, *c.Bitrate, "and copied")
	c.merge(&Config{Bitrate: new(7)})
	require.Equal(t, 7, *c.Bitrate)
	require.NotNil(t, c.Audio)
}
