import { dial, type Client, type DialOptions } from "../client.js";
import type { Kinded } from "../emitter.js";
import { URL as memory, type Fault, type Options, type Request } from "../gen/janustest.js";
import { Handle } from "../handle.js";
import type { InitOptions } from "../init.js";
import { Remote, type Runtime } from "../runtime.js";
import { Session } from "../session.js";
import type { JSEP } from "../types.js";
import { answerer, type PluginFunction } from "./plugin.js";
import { program } from "./program.js";

/** Settings of a {@link TestGateway}: how it is configured, and where bifrons-testing.wasm is. */
export interface TestGatewayOptions extends InitOptions, Options {}

/** One message that a gateway received. */
export interface RecordedRequest extends Omit<Request, "body"> {
  /** Of a message. */
  body?: Record<string, unknown>;
}

/** A session of a gateway or, with `handle`, a handle of it, by their ids. */
export interface Address {
  session: number;
  handle?: number;
}

/**
 * A gateway in memory. It speaks the whole core protocol of Janus 1.1.2, has the
 * echo test and the plugins that {@link TestGateway.plugin} gives it, and carries
 * no media: session descriptions are exchanged, well formed and made up. Things
 * go wrong on demand.
 *
 * Several can be open at once and know nothing of each other. Node does not end
 * while one is open.
 */
export class TestGateway extends Remote implements AsyncDisposable {
  readonly #clients = new Set<Client>();
  /** Timers of the program keep Node from nothing, so this does. */
  readonly #open = setInterval(() => {}, 2 ** 30);

  /** @internal */
  constructor(runtime: Runtime, ref: number) {
    super(runtime, ref);
  }

  /**
   * Starts a gateway. The first call loads the program: in Node from the file
   * system, in a page from beside the script, if `wasmUrl` says nothing else.
   */
  static async start(options: TestGatewayOptions = {}): Promise<TestGateway> {
    const { wasmUrl, module, signal, ...settings } = options;
    const runtime = await program({ ...(wasmUrl && { wasmUrl }), ...(module && { module }), ...(signal && { signal }) });
    const ref = await runtime.call<number>("gateway.start", 0, settings, [], { signal });
    return runtime.adopt(ref, () => new TestGateway(runtime, ref));
  }

  /** Connects a client, which is all that a client of a real gateway is. `close` of the gateway closes it, too. */
  async dial(options: DialOptions = {}): Promise<Client> {
    const client = await dial(this, "gateway.dial", memory, options);
    this.#clients.add(client);
    void client.closed.then(() => this.#clients.delete(client));
    return client;
  }

  /**
   * Installs a plugin under its package name, such as "janus.plugin.videoroom", in
   * the place of the one that was there; undefined removes it. Handles attached
   * before keep theirs. Messages of one handle come one at a time and in order.
   */
  plugin<B = Record<string, unknown>>(name: string, answer: PluginFunction<B> | undefined): Promise<void> {
    return this.ask("gateway.plugin", undefined, [name, answer && answerer(this.runtime, answer)]);
  }

  /** Sends an event of a plugin that answers no request. */
  event(to: Handle<Kinded> | Address, data: object, jsep?: JSEP): Promise<void> {
    return this.push(to, "event", data, jsep);
  }

  /** Ends the peer connection of a handle. */
  hangup(to: Handle<Kinded> | Address, reason = "Close PC"): Promise<void> {
    return this.push(to, "hangup", { reason });
  }

  /** Ends a handle. */
  detach(to: Handle<Kinded> | Address): Promise<void> {
    return this.push(to, "detached");
  }

  /** Ends a session as its timeout does, and returns whether there was such a session. */
  expire(session: Session | number): Promise<boolean> {
    return this.ask("gateway.expire", undefined, [typeof session === "number" ? session : session.id]);
  }

  /**
   * Sends a message of the gateway's own accord, such as "webrtcup" or "media":
   * `kind` is its field "janus", and the fields of `data` join it. The gateway
   * lives up to what it says.
   */
  push(to: Session | Handle<Kinded> | Address, kind: string, data?: object, jsep?: JSEP): Promise<void> {
    return this.ask("gateway.push", { ...address(to), kind, data, jsep });
  }

  /** Sends a text to every connection, whatever it is. It is how a gateway misbehaves. */
  pushRaw(text: string): Promise<void> {
    return this.ask("gateway.pushRaw", undefined, [text]);
  }

  /** Loses every connection at once, without a word. Clients may connect again; see `refuse`. */
  drop(): Promise<void> {
    return this.ask("gateway.drop");
  }

  /** Makes connecting fail with this reason, until it is called with undefined. With `drop` it is a gateway that died. */
  refuse(reason: string | undefined): Promise<void> {
    return this.ask("gateway.refuse", undefined, [reason]);
  }

  /** Holds back every message to the clients by so many milliseconds, in order, until it is called with 0. */
  delay(ms: number): Promise<void> {
    return this.ask("gateway.delay", undefined, [ms]);
  }

  /**
   * Answers the next requests of one kind, such as "create", with errors, one for
   * each code, instead of executing them. Calling it again replaces what is left;
   * without codes it clears it.
   */
  fail(request: string, ...codes: number[]): Promise<void> {
    return this.ask("gateway.fail", codes, [request]);
  }

  /**
   * Executes requests of these kinds, such as "message", and swallows their
   * answers, until it is called again; "event" is the events that answer messages,
   * "*" every kind, and without kinds everything is answered.
   */
  silence(...kinds: string[]): Promise<void> {
    return this.ask("gateway.silence", undefined, kinds);
  }

  /**
   * Has things go wrong at certain frames of certain connections, before or after
   * them: `inject({ kind: "cut", frame: 5, after: true })`. Durations are in
   * milliseconds.
   */
  inject(...faults: (Pick<Fault, "kind"> & Partial<Fault>)[]): Promise<void> {
    return this.ask("gateway.inject", faults);
  }

  /** Answers "create" with error 472, as a gateway that is to be stopped, until it is called with false. */
  drain(on: boolean): Promise<void> {
    return this.ask("gateway.drain", undefined, [on]);
  }

  /** Stops the gateway as SIGSTOP stops a process, until `thaw`: connections stay, and nothing is answered. */
  freeze(): Promise<void> {
    return this.ask("gateway.freeze");
  }

  /** Lets a frozen gateway go on with what has gathered. */
  thaw(): Promise<void> {
    return this.ask("gateway.thaw");
  }

  /**
   * Kills the gateway and starts it again: connections and sessions are gone, and
   * for so many milliseconds nobody can connect.
   */
  restart(down = 0): Promise<void> {
    return this.ask("gateway.restart", undefined, [down]);
  }

  /** Sends the event of an asynchronous answer ahead of its ack, as Janus often does, until it is called with false. */
  eventBeforeAck(on: boolean): Promise<void> {
    return this.ask("gateway.eventBeforeAck", undefined, [on]);
  }

  /** Allows a stored token for plugins, for all of them when none is named. */
  addToken(token: string, ...plugins: string[]): Promise<void> {
    return this.ask("gateway.addToken", undefined, [token, ...plugins]);
  }

  /** Takes a stored token away, which every session that uses it notices with its next request. */
  removeToken(token: string): Promise<void> {
    return this.ask("gateway.removeToken", undefined, [token]);
  }

  /** Returns what clients sent so far, oldest first, at most the last 4096. Secrets are in `raw`. */
  requests(): Promise<RecordedRequest[]> {
    return this.ask("gateway.requests");
  }

  /** Returns the ids of the live sessions, in ascending order. */
  sessions(): Promise<number[]> {
    return this.ask("gateway.sessions");
  }

  /** Returns the ids of the handles of a session, in the order they were attached. */
  handles(session: Session | number): Promise<number[]> {
    return this.ask("gateway.handles", undefined, [typeof session === "number" ? session : session.id]);
  }

  /** Closes the clients, then the gateway. Calls after the first do nothing. */
  async close(): Promise<void> {
    if (this.hold.count === 0) return;
    try {
      await Promise.all([...this.#clients].map((client) => client.close()));
      await this.ask("gateway.close");
    } finally {
      this.runtime.drop(this);
      clearInterval(this.#open);
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

function address(to: Session | Handle<Kinded> | Address): Address {
  if (to instanceof Handle) return { session: to.session.id, handle: to.id };
  return to instanceof Session ? { session: to.id } : to;
}
