// Package janustesting gives tests a real Janus: one for a whole test package,
// or one of their own.
//
//	var gateway janustesting.Shared
//
//	func TestMain(m *testing.M) { leak.Main(janustesting.Main(m, &gateway)) }
//
//	func TestJanusPing(t *testing.T) {
//		gw := gateway.Get(t)
//		…
//	}
//
// Where no Janus is installed such a test skips, and says how to get one. It
// fails instead when the environment variable CI is not empty or
// BIFRONS_REQUIRE_JANUS is 1, so that nothing is left out unseen. Names of
// tests against a real Janus begin with TestJanus, which make test-janus runs.
//
// All but this file is native only.
package janustesting
