/** What the server of the page knows. */
export interface Config {
  /** The gateway's address; empty: ask the user. */
  gateway: string;
  /** Whether a native peer runs beside the page. */
  native: boolean;
}

/** Reads config.json, which `bifrons demo` makes up. Any other server may do without. */
export async function config(): Promise<Config> {
  const none = { gateway: "", native: false };
  try {
    const response = await fetch("config.json");
    return response.ok ? { ...none, ...((await response.json()) as Partial<Config>) } : none;
  } catch {
    return none;
  }
}
