import { Remote, type CallOptions, type Runtime } from "./runtime.js";
import type { Source } from "./source.js";
import type { Kind, SendParameters } from "./types.js";

/** @internal */
export interface SenderData {
  ref: number;
  kind: Kind;
}

/** A source on its way out. */
export class Sender extends Remote {
  readonly kind: Kind;

  /** @internal */
  constructor(runtime: Runtime, data: SenderData) {
    super(runtime, data.ref);
    this.kind = data.kind;
  }

  /** The id of the m-line; empty before the first offer or answer. */
  mid(): Promise<string> {
    return this.ask("sender.mid");
  }

  /** Sends another source instead, without a negotiation; nothing sends nothing. The one before stays open. */
  replace(source?: Source, options?: CallOptions): Promise<void> {
    return this.ask("sender.replace", undefined, [source], options);
  }

  /** Sends silence or black, or what the source gives. */
  mute(muted: boolean): Promise<void> {
    return this.ask("sender.mute", undefined, [muted]);
  }

  /** Whether it is muted. */
  muted(): Promise<boolean> {
    return this.ask("sender.muted");
  }

  /**
   * Sends tones (RFC 4733), of an audio sender. `duration` of each and `gap`
   * between them are in milliseconds; default: 500 and 50. It returns when all
   * were sent.
   */
  dtmf(tones: string, options: CallOptions & { duration?: number; gap?: number } = {}): Promise<void> {
    const { duration, gap, ...call } = options;
    return this.ask("sender.dtmf", { tones, duration, gap }, [], call);
  }

  /** Changes caps and layers of what is sent; what is left out stays as it is. */
  configure(parameters: SendParameters, options?: CallOptions): Promise<void> {
    return this.ask("sender.configure", parameters, [], options);
  }

  /** Stops sending for good, with the next offer. */
  remove(): Promise<void> {
    return this.ask("sender.remove");
  }
}
