// Package faults is tests alone: what the client, the plugins and the media do
// when things go wrong around them, up to the network and the machine. What one
// package does by itself is tested in that package.
//
// The layers, from the fastest:
//
//	virtual   janustest behind internal/faultproxy in memory, in a synctest
//	          bubble: every cut of scripted flows, random faults, a herd of
//	          clients, slow consumers, secrets
//	Janus     the real gateway behind internal/faultproxy on sockets and
//	          internal/udpfault, or killed, stopped and restarted, or under load:
//	          names begin with TestJanus
//	network   the real gateway in a network namespace of its own, whose link goes
//	          down, changes its address, loses packets or is slow: it takes root
//
// make test runs a short form. With BIFRONS_SOAK=1, which make soak sets, the same
// tests run with the numbers of the specification.
package faults
