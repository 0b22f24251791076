// Package faults is tests alone: what the client, the plugins and the media do
// when things go wrong around them, up to the network and the machine. What one
// package does by itself is tested in that package.
//
// The layers, from the fastest:
//
//	virtual   janustest behind internal/faultproxy in memory, in a synctest
//	          bubble: every cut of scripted flows, a herd of
//	          clients, slow consumers
//	Janus     the real gateway behind internal/faultproxy on sockets, or killed,
//	          stopped and restarted: names begin with TestJanus
//	network   the real gateway in a network namespace of its own, whose link goes
//	          down, changes its address or loses packets: names begin with
//	          TestJanusNetwork, and making a namespace takes root
//
// make test runs a short form. With BIFRONS_SOAK=1, which make soak sets, the
// same tests run with the numbers of the specification, for most of an hour.
package faults
