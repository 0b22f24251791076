//go:build !js

package main

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"github.com/pion/webrtc/v4"
)

// pair is a candidate pair that was tried.
type pair struct {
	Local  string `json:"local"`
	Remote string `json:"remote"`
	State  string `json:"state"` // RFC 8445 section 6.1.2.6
	Sent   uint64 `json:"requests_sent"`
	Got    uint64 `json:"responses_received"`
}

// unconnected says what was tried, and what is likely to be wrong.
func (e *trial) unconnected(err error) *finding {
	local, remote, pairs := e.tried()
	text := err.Error()
	for _, p := range pairs {
		text += "; " + p.Local + " to " + p.Remote + ": " + p.State
	}
	return failure(exitConnect, e.iceFix(local, remote, pairs), "%s", text).
		with(map[string]any{"local": local, "remote": remote, "pairs": pairs})
}

// tried lists the candidates of both sides and their pairs.
func (e *trial) tried() (local, remote []string, pairs []pair) {
	local, remote, pairs = []string{}, []string{}, []pair{}
	s, err := e.peer.Stats(context.Background())
	if err != nil {
		return local, remote, pairs
	}
	report, _ := s.Raw.(webrtc.StatsReport)
	names := map[string]string{}
	for id, stat := range report {
		c, ok := stat.(webrtc.ICECandidateStats)
		if !ok {
			continue
		}
		names[id] = strings.Join([]string{c.CandidateType.String(), c.Protocol, c.IP}, " ")
		if c.Type == webrtc.StatsTypeLocalCandidate {
			local = append(local, names[id])
		} else {
			remote = append(remote, names[id])
		}
	}
	for _, stat := range report {
		if p, ok := stat.(webrtc.ICECandidatePairStats); ok {
			pairs = append(pairs, pair{names[p.LocalCandidateID], names[p.RemoteCandidateID], string(p.State), p.RequestsSent, p.ResponsesReceived})
		}
	}
	slices.Sort(local)
	slices.Sort(remote)
	slices.SortFunc(pairs, func(a, b pair) int { return strings.Compare(a.Local+a.Remote, b.Local+b.Remote) })
	return slices.Compact(local), slices.Compact(remote), pairs
}

// iceFix guesses from what was tried.
func (e *trial) iceFix(local, remote []string, pairs []pair) string {
	answered := slices.ContainsFunc(pairs, func(p pair) bool { return p.Got > 0 })
	private := !slices.ContainsFunc(remote, func(c string) bool {
		f := strings.Fields(c)
		ip, err := netip.ParseAddr(f[len(f)-1])
		return err != nil || !ip.IsPrivate() && !ip.IsLoopback()
	})
	switch {
	case len(local) == 0:
		return "bring a network interface up: this machine has no address to offer"
	case len(remote) == 0:
		return "see ice_enforce_list and ice_ignore_list in janus.jcfg: the gateway offered no address"
	case answered:
		return "see the gateway's log for DTLS: the addresses reach each other"
	case private && !e.doctor.local():
		return "set nat_1_1_mapping or stun_server in janus.jcfg: the gateway offers private addresses alone; or use a TURN server, with --turn"
	}
	return "open the UDP ports of rtp_port_range in janus.jcfg in the firewalls of both sides, or use a TURN server, with --turn"
}
