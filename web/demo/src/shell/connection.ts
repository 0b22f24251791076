import { init, type Bifrons, type CallOptions, type Client, type Credentials, type Session } from "bifrons";
import { describe, summarize } from "../describe.js";
import type { Log } from "./log.js";

/** What a tab has of the connection, until it releases it. */
export interface Line {
  readonly bifrons: Bifrons;
  readonly client: Client;
  /** Shared by the tabs: attach to it, and leave the rest alone. */
  readonly session: Session;
  /** Gives it back. The last one closes the connection. Calls after the first do nothing. */
  release(): Promise<void>;
}

/** How far the connection is; "away" is one that is being looked for again. */
export type LinePhase = "idle" | "connecting" | "connected" | "away";

/** What is told of the connection. */
export interface Watcher {
  /** How it stands, and that in words. */
  readonly say: (phase: LinePhase, text: string) => void;
  /** There is a client. */
  readonly dialed: (client: Client) => void;
}

/** What to connect to, and what to show there. */
export interface Target {
  readonly gateway: string;
  readonly credentials: Credentials | (() => Promise<Credentials>);
}

/** A connection while there is one, or while one is made. */
interface Wire {
  /** How many tabs have it. */
  users: number;
  readonly cancel: AbortController;
  readonly opened: Promise<Omit<Line, "release">>;
}

/** The one connection to the gateway, with one session. It is there while a tab uses it. */
export class Connection {
  readonly #log: Log;
  readonly #target: () => Target;
  readonly #on: Watcher;
  #wire: Wire | undefined;

  /** `target` is asked at each connection. */
  constructor(log: Log, target: () => Target, on: Watcher) {
    this.#log = log;
    this.#target = target;
    this.#on = on;
  }

  /** Connects, if no other tab has. */
  async use(signal?: AbortSignal): Promise<Line> {
    const wire = (this.#wire ??= this.#dial());
    wire.users++;
    let released = false;
    const release = async () => {
      if (released) return;
      released = true;
      if (--wire.users === 0) await this.#close(wire);
    };
    try {
      return { ...(await unless(signal, wire.opened)), release };
    } catch (error) {
      await release();
      throw error;
    }
  }

  #dial(): Wire {
    const cancel = new AbortController();
    const wire: Wire = { users: 0, cancel, opened: this.#open({ signal: cancel.signal, timeoutMs: 10_000 }) };
    this.#on.say("connecting", "Connecting…");
    wire.opened.then(
      ({ client, session }) => {
        this.#follow(wire, client, session);
        for (const { closed } of [client, session]) void closed.then(() => this.#forget(wire));
      },
      () => this.#forget(wire),
    );
    return wire;
  }

  async #open(call: CallOptions & { signal: AbortSignal }): Promise<Omit<Line, "release">> {
    const { gateway, credentials } = this.#target();
    const bifrons = await init({ signal: call.signal });
    const trace = (direction: string, message: string) => {
      const { text, detail } = summarize(direction, message);
      this.#log.add("wire", text, { detail });
    };
    const client = await bifrons.dial(gateway, { credentials, trace, ...call });
    this.#on.dialed(client);
    try {
      return { bifrons, client, session: await client.newSession(call) };
    } catch (error) {
      await client.close();
      throw error;
    }
  }

  #follow(wire: Wire, client: Client, session: Session): void {
    const connected = async () => {
      const gateway = await client.info().catch(() => undefined); // it may keep that to itself
      if (this.#wire === wire) this.#on.say("connected", gateway ? `${gateway.name} ${gateway.version_string}` : "Connected");
    };
    void connected();
    session.on("interrupted", () => this.#wire === wire && this.#on.say("away", "The gateway is away"));
    session.on("resumed", connected);
    session.on("error", (event) => {
      const { speaker, text, ...more } = describe(event);
      this.#log.add(speaker, text, more);
    });
  }

  /** The next one who wants it gets another. */
  #forget(wire: Wire): void {
    if (this.#wire !== wire) return;
    this.#wire = undefined;
    this.#on.say("idle", "Not connected");
  }

  async #close(wire: Wire): Promise<void> {
    this.#forget(wire);
    wire.cancel.abort();
    const opened = await wire.opened.catch(() => undefined);
    await opened?.session.destroy({ timeoutMs: 3000 }).catch(() => {}); // it ends with the connection at the latest
    await opened?.client.close();
  }
}

/** Waits for a promise until a signal says that nobody does. */
function unless<T>(signal: AbortSignal | undefined, promise: Promise<T>): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
