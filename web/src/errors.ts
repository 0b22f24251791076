/**
 * What went wrong, in one word:
 *
 * - `gateway` the gateway refused; `code` says why
 * - `plugin` a plugin refused; `code` is its own
 * - `argument` the call cannot be made like this
 * - `closed`, `detached`, `destroyed` the object, its handle, or its session or room is gone
 * - `kicked` somebody removed us from the room
 * - `expired` the gateway gave the session up, because it heard nothing of it
 * - `interrupted` the connection was lost before the request was sent
 * - `uncertain` the connection was lost after it, and nobody knows whether it was executed
 * - `timeout` `timeoutMs`, or the client's request timeout, ran out
 * - `aborted` the call was given up, without a signal of the caller's
 * - `transport` no connection could be made, or it broke
 * - `protocol` the gateway sent something that is not the protocol
 * - `device` a camera, microphone or screen could not be had
 * - `media` media, or the page's WebRTC, refused
 * - `blocked` the page may not play before its user clicks
 * - `state` the call does not fit the state of the negotiation
 * - `busy` who was called is in another call
 * - `unsupported` this browser cannot do it, or this gateway is too old for it
 * - `load` bifrons.wasm could not be loaded
 * - `crashed` the WebAssembly program has ended; `init` starts another
 * - `internal` a fault of this package, or one it does not know
 */
export type ErrorKind =
  | "gateway"
  | "plugin"
  | "argument"
  | "closed"
  | "detached"
  | "destroyed"
  | "kicked"
  | "expired"
  | "interrupted"
  | "uncertain"
  | "timeout"
  | "aborted"
  | "transport"
  | "protocol"
  | "device"
  | "media"
  | "blocked"
  | "state"
  | "busy"
  | "unsupported"
  | "load"
  | "crashed"
  | "internal";

/** The parts of a {@link JanusError}. */
export interface ErrorFields {
  kind: ErrorKind;
  message: string;
  code?: number;
  op?: string;
  plugin?: string;
  reason?: string;
  retryable?: boolean;
  fix?: string;
  device?: "audio" | "video";
  name?: string;
}

/**
 * The error of every call of this package, except that a call given up by an
 * `AbortSignal` is rejected with the reason of the signal, as everywhere in the
 * platform.
 */
export class JanusError extends Error {
  override readonly name = "JanusError";
  /** What went wrong, in one word. */
  readonly kind: ErrorKind;
  /** The error code of the gateway's core, or of `plugin`; 0 where there is none. */
  readonly code: number;
  /** The call, e.g. "session.attach". */
  readonly op: string;
  /** The package name of the plugin that refused. */
  readonly plugin: string | undefined;
  /** What the gateway, the plugin or the browser said. */
  readonly reason: string | undefined;
  /** Whether the same call may succeed later, and was surely not executed now. */
  readonly retryable: boolean;
  /** What to do about it, in a sentence, where that is known. */
  readonly fix: string | undefined;
  /** Of a `device` error: what could not be had. */
  readonly device: "audio" | "video" | undefined;
  /** The name of the browser's own exception, e.g. "NotAllowedError". */
  readonly exception: string | undefined;

  constructor(fields: ErrorFields, options?: ErrorOptions) {
    super(fields.message, options);
    this.kind = fields.kind;
    this.code = fields.code ?? 0;
    this.op = fields.op ?? "";
    this.plugin = fields.plugin;
    this.reason = fields.reason;
    this.retryable = fields.retryable ?? false;
    this.fix = fields.fix;
    this.device = fields.device;
    this.exception = fields.name;
  }

  /** @internal Makes one of what the program or the page has thrown. */
  static from(thrown: unknown, op = ""): JanusError {
    if (thrown instanceof JanusError) return thrown;
    if (isFields(thrown)) return new JanusError({ op, ...thrown });
    return new JanusError({ kind: "internal", op, message: String(thrown) }, { cause: thrown });
  }
}

function isFields(v: unknown): v is ErrorFields {
  return typeof v === "object" && v !== null && "kind" in v && "message" in v;
}
