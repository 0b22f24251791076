import type { Client } from "./client.js";
import { Emitter, type Kinded } from "./emitter.js";
import { ended } from "./ended.js";
import { JanusError } from "./errors.js";
import type { SessionEvent } from "./events.js";
import type * as gen from "./gen/client.js";
import { Handle, type Attached } from "./handle.js";
import type { CallOptions } from "./runtime.js";

/** Settings of a handle. */
export interface AttachOptions extends CallOptions, gen.AttachOptions {}

/** The class of a plugin's handle, such as `EchoTest`. */
export interface Plugin<H extends Handle<Kinded>> {
  /** The package name of the plugin. */
  readonly plugin: string;
  /** What its handles are. */
  readonly prototype: H;
  /** @internal The name of the operation that attaches. */
  readonly attach: string;
  /** @internal */
  new (session: Session, attached: Attached): H;
}

/** One session at the gateway. */
export class Session extends Emitter<SessionEvent> implements AsyncDisposable {
  /** The client it belongs to. */
  readonly client: Client;
  #id: number;
  #closed: Promise<JanusError | undefined> | undefined;

  /** @internal */
  constructor(client: Client, ref: number, id: number) {
    super(client.runtime, ref);
    this.client = client;
    this.#id = id;
  }

  /** The gateway's id. It is another one after a "resumed" event that says `rebuilt`. */
  get id(): number {
    return this.#id;
  }

  /** @internal */
  protected override async pull(): Promise<SessionEvent> {
    const event = await this.ask<SessionEvent>("session.next");
    if (event.session) this.#id = event.session;
    if ("err" in event) event.err = JanusError.from(event.err);
    return event;
  }

  /**
   * Creates a handle: of a class of this package, such as `EchoTest`, or on any
   * plugin by its package name, such as "janus.plugin.videoroom".
   */
  attach<H extends Handle<Kinded>>(plugin: Plugin<H>, options?: AttachOptions): Promise<H>;
  attach(plugin: string, options?: AttachOptions): Promise<Handle>;
  async attach(plugin: string | Plugin<Handle<Kinded>>, options: AttachOptions = {}): Promise<Handle<Kinded>> {
    const { signal, timeoutMs, ...settings } = options;
    const call = { signal, timeoutMs };
    if (typeof plugin === "string") {
      const attached = await this.ask<Attached>("session.attach", settings, [plugin], call);
      return this.runtime.adopt(attached.ref, () => new Handle(this, attached));
    }
    const attached = await this.ask<Attached>(plugin.attach, settings, [], call);
    return this.runtime.adopt(attached.ref, () => new plugin(this, attached));
  }

  /** Settles when the session has ended: with nothing after `destroy`, else with the reason. */
  get closed(): Promise<JanusError | undefined> {
    return (this.#closed ??= ended(this, "session.done"));
  }

  /** Ends the session, its handles and their peer connections. One that is gone already is no error. */
  async destroy(options?: CallOptions): Promise<void> {
    if (this.hold.count === 0) return;
    void this.closed;
    await this.ask("session.destroy", undefined, [], options);
    this.runtime.drop(this);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }
}
