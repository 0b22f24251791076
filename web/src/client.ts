import { JanusError } from "./errors.js";
import type { Options, State } from "./gen/client.js";
import { Remote, type CallOptions } from "./runtime.js";
import { Session } from "./session.js";
import type { ServerInfo } from "./types.js";
import { ended } from "./ended.js";

/** What a gateway may ask for on every request; either may be left out. */
export interface Credentials {
  token?: string;
  apiSecret?: string;
}

/** Settings of a connection. */
export interface DialOptions extends CallOptions, Omit<Options, "trace"> {
  /** Asked before each dial, and once more when the gateway answers 403. Default: none. */
  credentials?: Credentials | (() => Credentials | Promise<Credentials>);
  /** Shows the wire, with every secret replaced by "***". */
  trace?: (direction: "sent" | "received" | "ignored", message: string, reason?: string) => void;
}

/** What a client does about its connection at one moment; times are milliseconds since 1970, 0 for none. */
export interface ClientState extends Omit<State, "cause"> {
  cause?: JanusError;
}

/** @internal Makes a client by an operation that connects. */
export async function dial(through: Remote, op: string, url: string, options: DialOptions): Promise<Client> {
  const { credentials, trace, signal, timeoutMs, ...settings } = options;
  const ask = typeof credentials === "function" ? credentials : credentials && (() => credentials);
  const ref = await through.ask<number>(op, settings, [url, ask, trace], { signal, timeoutMs });
  return through.runtime.adopt(ref, () => new Client(through.runtime, ref));
}

/** One connection to a gateway. */
export class Client extends Remote implements AsyncDisposable {
  #closed: Promise<JanusError | undefined> | undefined;

  /** Asks the gateway about itself. It needs no credentials. */
  info(options?: CallOptions): Promise<ServerInfo> {
    return this.ask("client.info", undefined, [], options);
  }

  /** Measures a round trip through the gateway, in milliseconds. */
  ping(options?: CallOptions): Promise<number> {
    return this.ask("client.ping", undefined, [], options);
  }

  /** Creates a session. It is kept alive until it is destroyed or the connection is lost. */
  async newSession(options?: CallOptions): Promise<Session> {
    return this.#session(await this.ask("client.session", undefined, [], options));
  }

  /**
   * Takes over a session from the connection that had it. A gateway that did
   * not keep it gives an error of code 458.
   */
  async claimSession(id: number, options?: CallOptions): Promise<Session> {
    return this.#session(await this.ask("client.claim", { id }, [], options));
  }

  #session({ ref, id }: { ref: number; id: number }): Session {
    return this.runtime.adopt(ref, () => new Session(this, ref, id));
  }

  /**
   * Follows what the client does about its connection: first what it did so far, then
   * each change, and "closed" at last. Of more than 16 changes the older ones are
   * missed. Any number of loops may follow.
   *
   * ```ts
   * for await (const { phase, attempt, next } of client.states()) show(phase, attempt, next);
   * ```
   */
  async *states(options?: Pick<CallOptions, "signal">): AsyncGenerator<ClientState, void> {
    for (let after = 0; ; ) {
      const state = await this.#state(after, options);
      after = state.seq;
      yield state;
      if (state.phase === "closed") return;
    }
  }

  async #state(after: number, options?: CallOptions): Promise<ClientState> {
    try {
      const state = await this.ask<ClientState>("client.state", { after }, [], options);
      if (state.cause) state.cause = JanusError.from(state.cause);
      return state;
    } catch (error) {
      // A loop that was busy when the client was closed is told all the same.
      if (this.hold.count > 0 || !(error instanceof JanusError) || error.kind !== "closed") throw error;
      return { phase: "closed", attempt: 0, next: 0, cause: error, url: "", resumed: 0, rebuilt: 0, lost: 0, seq: after + 1 };
    }
  }

  /**
   * Takes the client to another gateway, or to the same one by a new connection, and
   * leaves the connection it has when everything is there: nothing is interrupted. When
   * it fails, everything stays as it was.
   */
  move(url: string, options?: CallOptions): Promise<void> {
    return this.ask("client.move", undefined, [url], options);
  }

  /** Settles when the client has ended: with nothing after `close`, else with the reason. */
  get closed(): Promise<JanusError | undefined> {
    return (this.#closed ??= ended(this, "client.done"));
  }

  /**
   * Releases the connection and ends every event stream. Sessions that were not
   * destroyed end at the gateway when it notices. Calls after the first do nothing.
   */
  async close(): Promise<void> {
    if (this.hold.count === 0) return;
    void this.closed;
    await this.ask("client.close");
    this.runtime.drop(this);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
