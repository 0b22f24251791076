import type { JanusError } from "../errors.js";
import type { HandleEvent } from "../events.js";
import * as gen from "../gen/echotest.js";
import { Handle } from "../handle.js";
import type { Peer } from "../peer.js";
import type { CallOptions } from "../runtime.js";

export { Codes } from "../gen/echotest.js";
export type { Config, Done, LayerChanged, SlowLink } from "../gen/echotest.js";

/** A refusal nobody waits for: its request was given up, or sent with `send`. */
export interface Refused extends Omit<gen.Error, "err"> {
  err: JanusError;
}

/** What a handle of the echo test may tell. */
export type EchoTestEvent = HandleEvent | gen.Done | gen.SlowLink | gen.LayerChanged | Refused;

/**
 * An attachment to janus.plugin.echotest, which sends back what it gets:
 *
 * ```ts
 * const echo = await session.attach(EchoTest);
 * const peer = await echo.newPeer();
 * await echo.start({ bitrate: 256_000 }, peer);
 * ```
 *
 * https://janus.conf.meetecho.com/docs/echotest.html
 */
export class EchoTest extends Handle<EchoTestEvent> {
  static readonly plugin = gen.Plugin;
  /** What stands before a text that comes back on a data channel. */
  static readonly textPrefix = gen.TextPrefix;
  /** @internal */
  static readonly attach = "echotest.attach";

  /**
   * Begins an echo: takes an offer from the peer, sends it with the settings,
   * and gives the answer to the peer. When it fails it hangs up, and a new peer
   * can try again.
   */
  start(config: gen.Config, peer: Peer, options?: CallOptions): Promise<void> {
    return this.ask("echotest.start", config, [peer], options);
  }

  /** Changes an echo. */
  configure(config: gen.Config, options?: CallOptions): Promise<void> {
    return this.ask("echotest.configure", config, [], options);
  }

  /** Makes a new offer, after tracks were added to the peer or removed. */
  renegotiate(options?: CallOptions): Promise<void> {
    return this.ask("echotest.renegotiate", undefined, [], options);
  }

  /** Renegotiates with new ICE credentials, which finds a new way through the network. */
  restart(options?: CallOptions): Promise<void> {
    return this.ask("echotest.restart", undefined, [], options);
  }

  /** Ends the echo and waits until the gateway has confirmed it. */
  stop(options?: CallOptions): Promise<void> {
    return this.ask("echotest.stop", undefined, [], options);
  }
}
