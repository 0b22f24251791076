/** What the server of the page knows. */
export interface Config {
  /** The gateway's address; empty: ask the user. */
  gateway: string;
  /** Whether a native peer runs beside the page. */
  native: boolean;
  /** What the page can do to the gateway; undefined: it is not the server's. */
  chaos?: Chaos;
}

/** How to harm the gateway. */
export interface Chaos {
  /** Where to post; what is to happen stands behind it. With "token" behind it, where to get the gateway's token. */
  readonly path: string;
  /** What stands before the commands of terminals, which need no token with it. */
  readonly terminal: string;
}

/** Reads config.json, which `bifrons demo` makes up. Any other server may do without. */
export async function config(): Promise<Config> {
  const none: Config = { gateway: "", native: false };
  try {
    const response = await fetch("config.json");
    return response.ok ? { ...none, ...((await response.json()) as Partial<Config>) } : none;
  } catch {
    return none;
  }
}
