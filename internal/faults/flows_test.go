//go:build !js

package faults

import (
	"context"
	"errors"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// flow is what an application does, and what is to come of it.
type flow struct {
	name string
	run  func(s *scene)
}

var flows = []flow{
	{"core", core}, {"echo", echoes}, {"publish", publishes}, {"subscribe", subscribes},
	{"textroom", creates}, {"videocall", registers}, {"restore", restores}, {"destroy", destroys},
}

// attach attaches to a plugin, again until it works.
func (s *scene) attach(ses *client.Session, plugin string, opts *client.AttachOptions) (h *client.Handle) {
	s.t.Helper()
	s.step("attach", func(ctx context.Context) (err error) {
		h, err = ses.Attach(ctx, plugin, opts)
		return err
	})
	return h
}

// alive says whether the gateway has the handle.
func (s *scene) alive(h *client.Handle) bool {
	return slices.Contains(s.gw.Handles(h.Session().ID()), h.ID())
}

// core has every request of the core protocol.
func core(s *scene) {
	s.step("ping", func(ctx context.Context) error { _, err := s.client.Ping(ctx); return err })
	s.step("info", func(ctx context.Context) error { _, err := s.client.Info(ctx); return err })
	ses := s.session()
	h := s.attach(ses, "janus.plugin.greeter", &client.AttachOptions{Token: canaryOwn})
	for _, later := range []bool{false, true} {
		s.step("message", func(ctx context.Context) error {
			resp, err := h.Request(ctx, object{"later": later, "echo": "x"}, nil)
			if err == nil {
				require.JSONEq(s.t, `{"echo":"x"}`, string(resp.Data))
			}
			return err
		})
	}
	s.step("hangup", h.Hangup)
	s.becomes("the handle is there", func() bool { return s.alive(h) })
	s.step("detach", h.Detach, client.ErrDetached, client.HandleNotFound)
	s.becomes("the handle is gone", func() bool { return !s.alive(h) })
	require.NoError(s.t, ses.Err())
}

// echoes starts an echo test.
func echoes(s *scene) {
	ses := s.session()
	var h *echotest.Handle
	s.step("attach", func(ctx context.Context) (err error) {
		h, err = echotest.Attach(ctx, ses, nil)
		return err
	})
	s.step("start", func(ctx context.Context) error { return h.Start(ctx, echotest.Config{Audio: new(true)}, peer{}) })
	s.becomes("the handle is there", func() bool { return s.alive(h.Handle) })
	require.NoError(s.t, h.Err())
}

// publishes joins a room and publishes.
func publishes(s *scene) {
	r := s.enters(videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: client.NumID(1), Display: "me", PIN: canaryPin, Secret: canaryRoom}})
	s.step("publish", func(ctx context.Context) error {
		_, err := r.Publish(ctx, videoroom.PublishRequest{}, newPeer)
		return err
	})
	s.becomes("we publish, once", func() bool {
		return s.video.count(func(s seat) bool { return s.name == "me" && s.streaming }) == 1 &&
			s.video.count(func(s seat) bool { return s.name == "me" }) == 1
	})
	require.NoError(s.t, r.Err())
}

// subscribes joins a room and receives who is there.
func subscribes(s *scene) {
	r := s.enters(videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: client.NumID(1), Display: "me", PIN: canaryPin, Token: canaryRoom},
		Wanted: videoroom.Wanted{All: true}, NewPeer: newPeer})
	s.becomes("we receive, once", func() bool {
		return s.video.count(func(s seat) bool { return s.receives && s.streaming }) == 1 &&
			s.video.count(func(s seat) bool { return s.receives }) == 1
	})
	require.NoError(s.t, r.Err())
}

// enters joins the room until that works.
func (s *scene) enters(opts videoroom.RoomOptions) (r *videoroom.Room) {
	s.t.Helper()
	ses := s.session()
	s.step("join", func(ctx context.Context) (err error) {
		r, err = videoroom.Join(ctx, ses, opts)
		return err
	})
	return r
}

// creates makes a text room, and never another one.
func creates(s *scene) {
	ses := s.session()
	var h *textroom.Handle
	s.step("attach", func(ctx context.Context) (err error) {
		h, err = textroom.Attach(ctx, ses, nil)
		return err
	})
	tries := s.step("create", func(ctx context.Context) error {
		_, err := h.Create(ctx, textroom.CreateRequest{Room: client.NumID(5), Secret: canaryRoom, PIN: canaryPin, Allowed: []string{canaryRoom}})
		return err
	}, textroom.ErrRoomExists)
	s.step("exists", func(ctx context.Context) error {
		exists, err := h.Exists(ctx, client.NumID(5))
		require.True(s.t, err != nil || exists)
		return err
	})
	s.text.mu.Lock()
	defer s.text.mu.Unlock()
	require.LessOrEqual(s.t, s.text.rooms["5"], tries, "a request was sent again by itself")
}

// registers takes a name for calls.
func registers(s *scene) {
	ses := s.session()
	var h *videocall.Handle
	s.step("attach", func(ctx context.Context) (err error) {
		h, err = videocall.Attach(ctx, ses, nil)
		return err
	})
	s.step("register", func(ctx context.Context) error { return h.Register(ctx, "me") }, videocall.ErrAlreadyRegistered)
	s.becomes("we are registered, once", func() bool { return s.call.count(func(s seat) bool { return s.name == "me" }) == 1 })
	require.NoError(s.t, h.Err())
}

// restores has a handle that brings its state back by itself.
func restores(s *scene) {
	ses := s.session()
	join := func(ctx context.Context, h *client.Handle) error {
		_, err := h.Request(ctx, object{"request": "register", "username": "me"}, nil)
		if errors.Is(err, videocall.ErrAlreadyRegistered) {
			return nil // the one that restores may be first
		}
		return err
	}
	h := s.attach(ses, videocall.Plugin, &client.AttachOptions{Restore: join})
	s.step("join", func(ctx context.Context) error { return join(ctx, h) })
	s.becomes("it is there, once", func() bool {
		return s.alive(h) && s.call.count(func(s seat) bool { return s.name == "me" }) == 1
	})
	for range 3 {
		s.step("list", func(ctx context.Context) error {
			_, err := h.Request(ctx, object{"request": "list"}, nil)
			return err
		})
	}
}

// destroys ends a session with all its handles.
func destroys(s *scene) {
	ses := s.session()
	for range 3 {
		s.attach(ses, "janus.plugin.greeter", nil)
	}
	s.step("destroy", ses.Destroy)
	s.becomes("the session is gone", func() bool { return !slices.Contains(s.gw.Sessions(), ses.ID()) })
	require.ErrorIs(s.t, ses.Err(), client.ErrDestroyed)
	require.NoError(s.t, s.client.Err())
}
