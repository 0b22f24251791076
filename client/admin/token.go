package admin

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
)

// Stored tokens exist where janus.jcfg has token_auth without
// token_auth_secret; elsewhere these requests fail with client.UnknownError.
// They do not survive a restart of the gateway. To another host they travel
// encrypted only, whether there is a secret or not: see [Options.AllowInsecure].

// Token is a stored token.
type Token struct {
	Token   string   `json:"token"`
	Plugins []string `json:"allowed_plugins"` // package names, in no order
}

// AddToken adds a token that may use the given plugins, by package name; none
// means all there are. It returns what the token may use now: a token that is
// there already keeps what it had, and the gateway skips names of plugins that
// it does not have.
func (c *Client) AddToken(ctx context.Context, token string, plugins ...string) ([]string, error) {
	body := fields{"token": token}
	if len(plugins) > 0 {
		body["plugins"] = plugins
	}
	return c.token(ctx, "add_token", token, body)
}

// ListTokens returns the tokens there are. The gateway does not list those that
// may use no plugin.
func (c *Client) ListTokens(ctx context.Context) ([]Token, error) {
	var answer struct {
		Data struct {
			Tokens []Token `json:"tokens"`
		} `json:"data"`
	}
	if c.open != nil {
		return nil, c.open
	}
	err := c.Call(ctx, Request{Name: "list_tokens"}, &answer)
	return answer.Data.Tokens, err
}

// AllowToken lets a token use further plugins, and returns what it may use now.
// The error matches client.TokenNotFound, or client.InvalidElementType for a
// plugin that the gateway does not have.
func (c *Client) AllowToken(ctx context.Context, token string, plugins ...string) ([]string, error) {
	const op = "allow_token"
	if len(plugins) == 0 {
		return nil, errNoPlugins(op)
	}
	return c.token(ctx, op, token, fields{"token": token, "plugins": plugins})
}

// DisallowToken takes plugins from a token, and returns what it may use now.
// Handles that are attached stay so. The errors are those of [Client.AllowToken].
func (c *Client) DisallowToken(ctx context.Context, token string, plugins ...string) ([]string, error) {
	const op = "disallow_token"
	if len(plugins) == 0 {
		return nil, errNoPlugins(op)
	}
	return c.token(ctx, op, token, fields{"token": token, "plugins": plugins})
}

// RemoveToken removes a token. One that is not there is client.UnknownError.
func (c *Client) RemoveToken(ctx context.Context, token string) error {
	_, err := c.token(ctx, "remove_token", token, fields{"token": token})
	return err
}

func (c *Client) token(ctx context.Context, op, token string, body fields) ([]string, error) {
	if token == "" {
		return nil, &client.ArgumentError{Op: op, Reason: "the token is empty"}
	}
	if c.open != nil {
		return nil, c.open
	}
	var answer struct {
		Data struct {
			Plugins []string `json:"plugins"`
		} `json:"data"`
	}
	err := c.Call(ctx, Request{Name: op, Body: body}, &answer)
	return answer.Data.Plugins, err
}

func errNoPlugins(op string) error {
	return &client.ArgumentError{Op: op, Reason: "no plugins: name at least one, e.g. janus.plugin.echotest"}
}
