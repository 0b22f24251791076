package videocall

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/attach"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/json"
	"github.com/bifrons-rtc/bifrons/internal/turn"
)

// Plugin is the plugin's package name on the gateway.
const Plugin = "janus.plugin.videocall"

// Handle is an attachment to the VideoCall plugin: one user, who can have one
// call at a time. The embedded handle offers everything the methods here do not;
// its own Next does not negotiate.
type Handle struct {
	*client.Handle
	call call
}

// Attach creates a handle on s. opts may be nil; a Decode in it gets the events
// that this package does not know, a Restore in it runs after the package's own,
// which registers the name again and sends the settings that were made before a
// call. The errors are those of [client.Session.Attach].
func Attach(ctx context.Context, s *client.Session, opts *client.AttachOptions) (*Handle, error) {
	h := new(Handle)
	h.call.turn = turn.New()
	ch, err := attach.To(ctx, s, Plugin, opts, decode, h.restore)
	if err != nil {
		return nil, err
	}
	h.Handle = ch
	ch.Observe(h.observe) // for as long as the handle lives
	return h, nil
}

// List returns the usernames that are registered.
func (h *Handle) List(ctx context.Context) ([]string, error) {
	const op = "videocall: list"
	resp, err := h.Query(ctx, simple("list"))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", op, err)
	}
	var reply struct {
		Result struct {
			List []string `json:"list"`
		} `json:"result"`
	}
	if err := json.Unmarshal(resp.Data, &reply); err != nil {
		return nil, &client.ProtocolError{Op: op, Reason: err.Error(), Data: clip(resp.Data)}
	}
	return reply.Result.List, nil
}

// Register takes a username, by which the others call. It is kept until the
// handle is detached, and taken again when the session is rebuilt: *[Registered]
// says so where that takes long. A name that somebody has gives
// [ErrUsernameTaken], a second name [ErrAlreadyRegistered].
func (h *Handle) Register(ctx context.Context, username string) error {
	const op = "videocall: register"
	if username == "" {
		return &client.ArgumentError{Op: op, Reason: "no username; choose one that nobody has"}
	}
	if err := register(ctx, h.Handle, username); err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	h.call.registered(username)
	return nil
}

func register(ctx context.Context, h *client.Handle, username string) error {
	_, err := h.Request(ctx, request{Request: "register", Username: username}, nil)
	return err
}

// Set changes one's side of a call, or of the next one. An empty Config is a
// [*client.ArgumentError]. Settings whose answer is lost with the connection are
// sent again, but for Record.
func (h *Handle) Set(ctx context.Context, cfg Config) error {
	const op = "videocall: set"
	if cfg == (Config{}) {
		return &client.ArgumentError{Op: op, Reason: "nothing to change; set a field, e.g. Bitrate: new(256000)"}
	}
	var err error
	if cfg.Record == nil {
		_, err = h.Query(ctx, settings{"set", &cfg})
	} else {
		err = configure(ctx, h.Handle, &cfg) // twice, it would begin new files
	}
	if err != nil {
		return fmt.Errorf("%s: %w", op, err)
	}
	h.call.configured(&cfg)
	return nil
}

func configure(ctx context.Context, h *client.Handle, cfg *Config) error {
	_, err := h.Request(ctx, settings{"set", cfg}, nil)
	return err
}

type settings struct {
	Request string `json:"request"`
	*Config
}

// request is the body of every request but one with settings.
type request struct {
	Request  string `json:"request"`
	Username string `json:"username,omitempty"`
	Reason   string `json:"reason,omitempty"`
	Restart  bool   `json:"restart,omitempty"`
}

func simple(verb string) request { return request{Request: verb} }

// clip keeps the start of data, for errors.
func clip(data []byte) []byte {
	const most = 256
	return append([]byte(nil), data[:min(len(data), most)]...)
}
