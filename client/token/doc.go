// Package token signs tokens for gateways that have a token_auth_secret.
//
//	opts := &client.Options{Credentials: token.Signed(secret, 0, "janus.plugin.echotest")}
//
// It is for programs that may hold the secret: servers, tools and tests. A page
// may not; there, a server signs, and [client.Options] has a function that asks
// it for the next token. That is why this is a package of its own: what a page
// loads has no cryptography in it.
//
// All functions may be called concurrently.
//
// Tokens are described at https://janus.conf.meetecho.com/docs/auth.html.
package token
