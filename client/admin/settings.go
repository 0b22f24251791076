package admin

import (
	"context"
	"fmt"
	"math"

	"github.com/bifrons-rtc/bifrons/client"
)

// These settings last until the gateway restarts, when those of its
// configuration files count again. [Client.Status] returns them.

// SetSessionTimeout sets how long the gateway keeps a session it hears nothing
// of, in seconds; 0 is for ever. It counts for the sessions that are there, too,
// but for those with a timeout of their own, see [Client.SetSessionTimeoutOf].
func (c *Client) SetSessionTimeout(ctx context.Context, seconds int) error {
	const op = "set_session_timeout"
	if err := within(op, "timeout", seconds, 0, math.MaxInt32); err != nil {
		return err
	}
	return c.Call(ctx, Request{Name: op, Body: fields{"timeout": seconds}}, nil)
}

// SetLogLevel sets how much the gateway logs: 0 nothing, 1 fatal errors, 2
// errors, 3 warnings, 4 information, 5 details, 6 much, 7 everything.
func (c *Client) SetLogLevel(ctx context.Context, level int) error {
	const op = "set_log_level"
	if err := within(op, "level", level, 0, maxLogLevel); err != nil {
		return err
	}
	return c.Call(ctx, Request{Name: op, Body: fields{"level": level}}, nil)
}

const maxLogLevel = 7

// SetLogTimestamps puts the time before each line of the log, or not.
func (c *Client) SetLogTimestamps(ctx context.Context, on bool) error {
	return c.Call(ctx, Request{Name: "set_log_timestamps", Body: fields{"timestamps": on}}, nil)
}

// SetLogColors colours the log, or not.
func (c *Client) SetLogColors(ctx context.Context, on bool) error {
	return c.Call(ctx, Request{Name: "set_log_colors", Body: fields{"colors": on}}, nil)
}

// SetLockingDebug logs every use of every lock, or not. It slows the gateway
// down.
func (c *Client) SetLockingDebug(ctx context.Context, on bool) error {
	return c.Call(ctx, Request{Name: "set_locking_debug", Body: fields{"debug": on}}, nil)
}

// SetRefcountDebug logs every change of every reference counter, or not. It
// slows the gateway down.
func (c *Client) SetRefcountDebug(ctx context.Context, on bool) error {
	return c.Call(ctx, Request{Name: "set_refcount_debug", Body: fields{"debug": on}}, nil)
}

// SetLibniceDebug logs what the ICE library does, or not. Janus 1.3.2 and later
// has no such request: the error is a [*RemovedError].
func (c *Client) SetLibniceDebug(ctx context.Context, on bool) error {
	return c.Call(ctx, Request{Name: "set_libnice_debug", Body: fields{"debug": on}}, nil)
}

// SetMinNACKQueue sets for how long at least the gateway keeps packets to send
// them again, in milliseconds up to 65535, and returns what it made of it: Janus
// takes no more than 1000.
func (c *Client) SetMinNACKQueue(ctx context.Context, milliseconds int) (int, error) {
	const op = "set_min_nack_queue"
	if err := within(op, "min_nack_queue", milliseconds, 0, math.MaxUint16); err != nil {
		return 0, err
	}
	var answer struct {
		Value int `json:"min_nack_queue"`
	}
	err := c.Call(ctx, Request{Name: op, Body: fields{"min_nack_queue": milliseconds}}, &answer)
	return answer.Value, err
}

// SetNACKOptimizations drops packets that were asked for again by others from
// the retransmissions, or not.
func (c *Client) SetNACKOptimizations(ctx context.Context, on bool) error {
	return c.Call(ctx, Request{Name: "set_nack_optimizations", Body: fields{"nack_optimizations": on}}, nil)
}

// SetNoMediaTimer sets after how many seconds without a packet a client gets a
// client.MediaState event; 0 is never.
func (c *Client) SetNoMediaTimer(ctx context.Context, seconds int) error {
	const op = "set_no_media_timer"
	if err := within(op, "no_media_timer", seconds, 0, math.MaxInt32); err != nil {
		return err
	}
	return c.Call(ctx, Request{Name: op, Body: fields{"no_media_timer": seconds}}, nil)
}

// SetSlowlinkThreshold sets how many packets lost in a second make a
// client.SlowLink event; 0 is off.
func (c *Client) SetSlowlinkThreshold(ctx context.Context, packets int) error {
	const op = "set_slowlink_threshold"
	if err := within(op, "slowlink_threshold", packets, 0, math.MaxInt32); err != nil {
		return err
	}
	return c.Call(ctx, Request{Name: op, Body: fields{"slowlink_threshold": packets}}, nil)
}

// within refuses a number that the gateway would refuse or cut off.
func within(op, field string, n, low, high int) error {
	if n < low || n > high {
		return &client.ArgumentError{Op: op, Reason: fmt.Sprintf("%s is %d: it must be from %d to %d", field, n, low, high)}
	}
	return nil
}
