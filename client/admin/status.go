package admin

import (
	"context"
	"encoding/json"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

const statusRequest = "get_status"

// Info asks the gateway about itself. It needs no secret, and works on the
// gateway's client API as well.
func (c *Client) Info(ctx context.Context) (*client.ServerInfo, error) {
	var raw json.RawMessage
	if err := c.Call(ctx, Request{Name: "info"}, &raw); err != nil {
		return nil, err
	}
	return client.ParseServerInfo(raw)
}

// Ping measures a round trip through the gateway's core. It needs no secret, and
// works on the gateway's client API as well.
func (c *Client) Ping(ctx context.Context) (time.Duration, error) {
	start := time.Now()
	if err := c.Call(ctx, Request{Name: "ping"}, nil); err != nil {
		return 0, err
	}
	return time.Since(start), nil
}

// Status is the gateway's answer to "get_status": the settings that can be
// changed while it runs. Fields that a version does not send stay zero; Raw has
// all of it.
type Status struct {
	TokenAuth         bool `json:"token_auth"`
	SessionTimeout    int  `json:"session_timeout"`         // seconds; 0: never
	ReclaimTimeout    int  `json:"reclaim_session_timeout"` // seconds; 0: sessions die with their connection
	CandidatesTimeout int  `json:"candidates_timeout"`      // seconds
	LogLevel          int  `json:"log_level"`               // 0 to 7, see [Client.SetLogLevel]
	LogTimestamps     bool `json:"log_timestamps"`
	LogColors         bool `json:"log_colors"`
	LogRotateSignal   int  `json:"log_rotate_sig"` // Janus 1.3.2 and later
	LockingDebug      bool `json:"locking_debug"`
	RefcountDebug     bool `json:"refcount_debug"`
	LibniceDebug      bool `json:"libnice_debug"`  // Janus 1.3.1 and earlier
	MinNACKQueue      int  `json:"min_nack_queue"` // milliseconds
	NACKOptimizations bool `json:"nack-optimizations"`
	NoMediaTimer      int  `json:"no_media_timer"`     // seconds; 0: off
	SlowlinkThreshold int  `json:"slowlink_threshold"` // packets lost a second; 0: off

	Raw json.RawMessage `json:"-"`
}

// Status returns the gateway's settings (get_status).
func (c *Client) Status(ctx context.Context) (*Status, error) {
	var answer struct {
		Status json.RawMessage `json:"status"`
	}
	if err := c.Call(ctx, Request{Name: statusRequest}, &answer); err != nil {
		return nil, err
	}
	s := &Status{Raw: answer.Status}
	if err := decode(statusRequest, s.Raw, s); err != nil {
		return nil, err
	}
	return s, nil
}

// AcceptNewSessions lets clients create sessions or refuses them with
// client.NotAcceptingSessions, which drains a gateway: sessions that are there
// live on.
func (c *Client) AcceptNewSessions(ctx context.Context, accept bool) error {
	return c.Call(ctx, Request{Name: "accept_new_sessions", Body: fields{"accept": accept}}, nil)
}

// Loop is one of the gateway's static event loops.
type Loop struct {
	ID      int `json:"id"`
	Handles int `json:"handles"` // running on it
}

// LoopsInfo returns the static event loops (event_loops in janus.jcfg). There
// are none where each handle has a thread of its own.
func (c *Client) LoopsInfo(ctx context.Context) ([]Loop, error) {
	var answer struct {
		Loops []Loop `json:"loops"`
	}
	err := c.Call(ctx, Request{Name: "loops_info"}, &answer)
	return answer.Loops, err
}
