import type { Credentials } from "bifrons";
import type { Login } from "../shell/bar.js";
import type { Config } from "../shell/config.js";

/** Whether the server of the page has a token for the gateway. */
function provided({ gateway, token, apiSecret }: Login, config: Config): boolean {
  return config.chaos !== undefined && gateway === config.gateway && !token && !apiSecret;
}

/** A login as programs have it, which nobody provides with tokens. */
export function written(login: Login, config: Config): Login {
  return provided(login, config) ? { ...login, token: "…" } : login;
}

/**
 * What the gateway is shown: what the user typed in, else the token that the server of the page has for its own
 * gateway. `renewed` is called when that was refused and there is another.
 */
export function credentials(login: Login, config: Config, renewed: () => void): Credentials | (() => Promise<Credentials>) {
  const { token, apiSecret } = login;
  if (!provided(login, config)) return { ...(token && { token }), ...(apiSecret && { apiSecret }) };
  let last: string | undefined;
  return async () => {
    const response = await fetch(`${config.chaos!.path}token`);
    if (!response.ok) throw new Error(`The server of this page has no token: ${await response.text()}`);
    const token = await response.text();
    if (last !== undefined && last !== token) renewed();
    return { token: (last = token) };
  };
}
