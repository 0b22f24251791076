package transport_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/stretchr/testify/require"
)

// carrier is a user's own transport: a Dialer in ten lines.
type carrier struct {
	servers chan transport.Conn
	urls    []string
}

func (c *carrier) Dial(ctx context.Context, rawURL string, api transport.API) (transport.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	c.urls = append(c.urls, api.String()+" "+rawURL)
	client, server := transport.Pipe()
	c.servers <- server
	return client, nil
}

func TestRegistryCustomScheme(t *testing.T) {
	pigeon := &carrier{servers: make(chan transport.Conn, 2)}
	reg := transport.Registry{"pigeon": pigeon, "ws": nil}
	for raw, api := range map[string]transport.API{"pigeon://roof": transport.Janus, "PiGeOn://roof": transport.Admin} {
		client, err := reg.Dial(t.Context(), raw, api)
		require.NoError(t, err)
		server := <-pigeon.servers

		require.NoError(t, client.Write(t.Context(), transport.Message{Data: []byte(`{"janus":"ping"}`)}))
		b, err := server.Read(t.Context())
		require.NoError(t, err)
		require.Equal(t, `{"janus":"ping"}`, string(b))
		require.NoError(t, server.Write(t.Context(), transport.Message{Data: []byte(`{"janus":"pong"}`)}))
		b, err = client.Read(t.Context())
		require.NoError(t, err)
		require.Equal(t, `{"janus":"pong"}`, string(b))

		require.NoError(t, client.Close())
		require.NoError(t, server.Close())
	}
	require.ElementsMatch(t, []string{"janus pigeon://roof", "admin PiGeOn://roof"}, pigeon.urls)
}

func TestRegistryErrors(t *testing.T) {
	reg := transport.Registry{"ws": &carrier{}, "http": &carrier{}, "none": nil}
	_, err := reg.Dial(t.Context(), "gopher://user:secret@host/?secret", transport.Janus)
	var scheme *transport.SchemeError
	require.ErrorAs(t, err, &scheme)
	require.ErrorIs(t, err, errors.ErrUnsupported)
	require.Equal(t, "gopher", scheme.Scheme)
	require.Equal(t, []string{"http", "ws"}, scheme.Known)
	require.NotContains(t, err.Error(), "secret")
	require.Contains(t, err.Error(), "use one of http, ws")

	_, err = reg.Dial(t.Context(), "none://host", transport.Janus)
	require.ErrorAs(t, err, &scheme)
	_, err = transport.Registry(nil).Dial(t.Context(), "ws://host", transport.Janus)
	require.ErrorContains(t, err, "the registry is empty")

	for _, raw := range []string{"", "localhost:8188", "://host", "user:secret@host:8188", "host/?secret", "user:secret@h://x", "1ws://host"} {
		_, err = reg.Dial(t.Context(), raw, transport.Janus)
		var bad *transport.URLError
		require.ErrorAs(t, err, &bad, raw)
		require.Contains(t, err.Error(), "ws://host:8188/")
		require.NotContains(t, err.Error(), "secret")
	}
}

func TestRedact(t *testing.T) {
	for in, want := range map[string]string{
		"":                                  "",
		"ws://host:8188/":                   "ws://host:8188/",
		"ws://host":                         "ws://host",
		"ws://user:pw@host:8188/a?b=c#d":    "ws://host:8188/a",
		"ws://host?token=x":                 "ws://host",
		"ws://host#x":                       "ws://host",
		"ws://a@b@host/":                    "ws://host/",
		"ws://[::1]:8188/@x":                "ws://[::1]:8188/@x",
		"ws://[fe80::1]/a@b":                "ws://[fe80::1]/a@b",
		"http://host:8088/a@b":              "http://host:8088/a@b",
		"unix:///run/a@b":                   "unix:///run/a@b",
		"user:pw@host/x?y":                  "host/x",
		"ws://user:p/w@host/":               "ws://***",
		"user:pw@x://host":                  "x://host",
		"a+B.1-://u@h":                      "a+B.1-://h",
		"ws://user:p?w@host/":               "ws://***",
		"ws://user:p#w@host/":               "ws://***",
		"ws://host:port/":                   "ws://host:port/",
		"ws://host/path?next=http://a:b@c/": "ws://host/path",
	} {
		require.Equal(t, want, transport.Redact(in), in)
	}
}

// FuzzRedact checks that no part of a URL that is a secret survives, and that
// the rest of a sound one does.
func FuzzRedact(f *testing.F) {
	for _, s := range []string{"ws://u:p@h/a?b#c", "http://[::1]:80/@?@", "u:p/q@h", "a://b:c?d@e", "://@?#"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		got := transport.Redact(raw)
		if strings.ContainsAny(got, "?#") {
			t.Fatalf("Redact(%q) = %q keeps a query or fragment", raw, got)
		}
		if again := transport.Redact(got); again != got && !strings.Contains(again, "***") && strings.Count(got, "@") == 0 {
			t.Fatalf("Redact(%q) = %q, and of that %q", raw, got, again)
		}
		u, err := url.Parse(raw)
		if err != nil || u.Host == "" {
			return
		}
		_, want, _ := strings.Cut(raw, "//")
		if i := strings.IndexAny(want, "?#"); i >= 0 {
			want = want[:i]
		}
		if u.User != nil {
			authority, _, _ := strings.Cut(want, "/")
			want = want[strings.LastIndexByte(authority, '@')+1:]
		}
		if u.Scheme == "" {
			return // all of it is taken for host and path
		}
		if _, after, _ := strings.Cut(got, "://"); after != want {
			t.Fatalf("Redact(%q) = %q, want ...%q", raw, got, want)
		}
	})
}
