import { VideoCall } from "bifrons";
import type { Connection, Line } from "../shell/connection.js";

/** We under a name, as long as it is registered. */
export class User {
  readonly line: Line;
  readonly handle: VideoCall;
  readonly name: string;

  private constructor(line: Line, handle: VideoCall, name: string) {
    this.line = line;
    this.handle = handle;
    this.name = name;
  }

  /** Takes a name. `reached` is called when the gateway has answered. */
  static async register(connection: Connection, name: string, reached: () => void, signal: AbortSignal): Promise<User> {
    const call = { signal, timeoutMs: 10_000 };
    const line = await connection.use(signal);
    reached();
    let handle: VideoCall | undefined;
    try {
      handle = await line.session.attach(VideoCall, call);
      await handle.register(name, call);
      return new User(line, handle, name);
    } catch (error) {
      await end(line, handle);
      throw error;
    }
  }

  /** The names of the others. */
  async others(): Promise<string[]> {
    const names = await this.handle.list({ timeoutMs: 10_000 });
    return names.filter((name) => name !== this.name).sort((a, b) => a.localeCompare(b));
  }

  /** Gives the name back. What is gone already is no error. */
  async close(): Promise<void> {
    await end(this.line, this.handle);
  }
}

/** A handle that cannot be told ends with its session at the latest. */
async function end(line: Line, handle: VideoCall | undefined): Promise<void> {
  const detached = handle?.detach({ timeoutMs: 3000 }).catch(() => {});
  await Promise.all([detached, line.release()]);
}
