// Package conform holds gateways to one suite: the real Janus, package
// janustest, and package gateway below that. The cases are the files in cases;
// one player plays them against any address and compares what comes with what
// is written there, which is what Janus 1.1.2 was seen to say.
//
//	for _, c := range conform.Cases() {
//		c.Play(t, conform.Target{Name: conform.Janus, Dial: dial})
//	}
//
// # Cases
//
// A line that begins with "==" begins a case and names it. Lines of the head
// may follow:
//
//	setup auth            how the gateway is configured: a key of Setups
//	plugin videoroom      what the handles of the case are attached to
//	on janus gateway      the only targets it is for
//	over websocket        the only transport it is for: websocket, rest or memory
//	with handle           the lines of that case come first
//	tries 20              how often it is played until it goes as written: for what
//	                      only a moment shows
//
// An output line may begin with the name of a target and a colon. All such
// lines of a step, which is an input line and the output lines behind it, take
// the place of the others for that target: that is a difference, which
// DIFFERENCES.md of janustest must name and give the reason of. "nothing" in
// the place of an output line says that there is none.
//
// # Raw messages
//
// Names of one letter are connections, which are dialled when first used; x, y and
// z are of the admin API, whose secret is $ADMIN:
//
//	a> JSON    a sends this
//	a< JSON    a receives this, in any order among the output lines of the step
//	a? JSON    a may receive this, from here to the end of the case
//	a!         a is closed
//	a~ 490     the message before is sent again while its answer is that error, with
//	           a hangup of the handle $H in between, for as long as it may take
//	wait 5s    time passes
//
// In what is received "$id" stands for an id, "$any" for any value, "$S=" for an
// id that $S stands for from then on, and "error":403 for the whole error object.
// Everything else must be as written, with not a field more or less, or must
// begin with, hold, or not hold what stands behind "~", "*" or "!". $OFFER and
// other names in capitals stand for JSON values the player knows.
//
// # Handles
//
// Longer names are handles of the plugin, all in one session; they are attached
// when first used:
//
//	ann> {"request":"join"}          ann sends this body
//	ann> {} + offer AUDIO            with a description, of those Vars knows
//	ann> {} + answer                 with an answer to the gateway's last offer
//	ann> hangup                      a verb of the core: hangup or detach
//	ann< sync {"videoroom":"ok"}     the answer: success, or
//	ann< async {} + answer …         an ack and an event, with what the description says, or
//	ann< ack                         an ack and nothing else, or
//	ann< error 490                   an error of the core
//	ann! {"videoroom":"event"}       the next event of ann, in its order
//	ann! hangup Close PC             an event of the core
//	ann* hangup Close PC             an event at any place among those of the step
//	ann? hangup Close PC             an event that may come, from here to the end
//
// These are compared as text after ids, dates and descriptions were made the
// same; Update writes them anew. The answer has no place among the events, for
// Janus sends it from another thread.
//
// # REST
//
//	GET /path -> 200 JSON
//	POST /path JSON -> 404
//
// is an exchange with the path behind /janus, natively. "cut" in the place of
// the status is a connection that ends without an answer.
package conform
