import { parse, stringify } from "../json.js";
import { Remote, type Runtime } from "../runtime.js";
import type { JSEP } from "../types.js";

/** A plugin's answer to a message. */
export interface PluginAnswer {
  /** The plugin's own part. Default: an empty object. */
  data?: object;
  /** A session description, which needs `async`. */
  jsep?: JSEP;
  /** An ack and then an event, instead of a synchronous answer. Default: false. */
  async?: boolean;
  /** Text in the ack of an `async` answer. */
  hint?: string;
}

/** What a plugin throws to refuse a message: the client gets a `JanusError` of kind "plugin" with these. */
export interface PluginRefusal {
  code: number;
  reason?: string;
}

/**
 * Answers the messages of one plugin. Without an answer there is an ack and no
 * event, for which `message.reply` may come later or never.
 *
 * It may throw a {@link PluginRefusal}, or a `JanusError` of kind "gateway" with the code
 * of the core's error. Whatever else it throws is the core's error 462.
 */
export type PluginFunction<B = Record<string, unknown>> = (
  message: PluginMessage<B>,
) => PluginAnswer | undefined | void | Promise<PluginAnswer | undefined | void>;

/** @internal What the program tells about a message. */
interface Told<B> {
  ref: number;
  session: number;
  handle: number;
  plugin: string;
  opaqueId: string;
  transaction: string;
  body: B;
  jsep?: JSEP;
}

/** One message of a client to a plugin. */
export class PluginMessage<B = Record<string, unknown>> extends Remote {
  /** The id of the session. */
  readonly session: number;
  /** The id of the handle. */
  readonly handle: number;
  /** The package name of the plugin. */
  readonly plugin: string;
  /** As it was given to `attach`; empty if it was not. */
  readonly opaqueId: string;
  readonly transaction: string;
  readonly body: B;
  readonly jsep: JSEP | undefined;
  /** Aborts when the handle or the gateway is gone before the message is answered. */
  readonly signal: AbortSignal;

  /** @internal */
  constructor(runtime: Runtime, told: Told<B>, signal: AbortSignal) {
    super(runtime, told.ref);
    this.session = told.session;
    this.handle = told.handle;
    this.plugin = told.plugin;
    this.opaqueId = told.opaqueId;
    this.transaction = told.transaction;
    this.body = told.body;
    this.jsep = told.jsep;
    this.signal = signal;
  }

  /** Sends an event that carries the transaction of the message, as often as it is called, and also when it was answered. */
  reply(data: object, jsep?: JSEP): Promise<void> {
    return this.ask("message.reply", { data, jsep });
  }

  /** Sends an event to the handle that answers no message. */
  event(data: object, jsep?: JSEP): Promise<void> {
    return this.ask("message.event", { data, jsep });
  }
}

/** @internal Makes what the program calls: see wasm/testing_plugin.go. */
export function answerer<B>(runtime: Runtime, answer: PluginFunction<B>): (text: string, signal: AbortSignal) => Promise<string | undefined> {
  return async (text, signal) => {
    const told = parse(text) as Told<B>;
    try {
      const given = await answer(runtime.adopt(told.ref, () => new PluginMessage(runtime, told, signal)));
      return given ? stringify(given) : undefined;
    } catch (thrown) {
      const refusal = refusalOf(thrown);
      if (!refusal) throw thrown;
      return stringify({ refusal });
    }
  };
}

function refusalOf(thrown: unknown): object | undefined {
  if (typeof thrown !== "object" || thrown === null || thrown instanceof DOMException) return undefined;
  const { code, reason, message, kind } = thrown as Record<string, unknown>;
  if (typeof code !== "number" || code === 0) return undefined;
  return { code, reason: String(reason ?? message ?? ""), gateway: kind === "gateway" };
}
