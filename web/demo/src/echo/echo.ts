import { EchoTest, type DataChannel, type Kind, type Peer, type Sender, type Source } from "bifrons";
import type { Connection, Line } from "../shell/connection.js";
import type { Settings } from "./settings.js";

/** One running echo test: a handle and a peer connection. */
export class Echo {
  readonly line: Line;
  readonly handle: EchoTest;
  readonly peer: Peer;
  readonly channel: DataChannel;
  readonly senders: Partial<Record<Kind, Sender>> = {};

  private constructor(line: Line, handle: EchoTest, peer: Peer, channel: DataChannel) {
    this.line = line;
    this.handle = handle;
    this.peer = peer;
    this.channel = channel;
  }

  /** `attached` is called when there is a handle, and before anything happens on it. */
  static async start(
    connection: Connection,
    settings: Settings,
    sources: Partial<Record<Kind, Source>>,
    attached: (handle: EchoTest) => void,
    signal: AbortSignal,
  ): Promise<Echo> {
    const call = { signal, timeoutMs: 10_000 };
    const line = await connection.use(signal);
    let handle: EchoTest | undefined;
    try {
      handle = await line.session.attach(EchoTest, call);
      attached(handle);
      const peer = await handle.newPeer();
      const echo = new Echo(line, handle, peer, await peer.openData("words"));
      for (const source of Object.values(sources)) await echo.#add(source, settings.simulcast);
      await handle.start(startConfig(settings), peer, call);
      return echo;
    } catch (error) {
      await end(line, handle);
      throw error;
    }
  }

  async #add(source: Source, simulcast: boolean): Promise<void> {
    this.senders[source.kind] = await this.peer.add(source, { simulcast: simulcast && source.kind === "video" });
  }

  /** Sends another source of a kind, or none. */
  async replace(kind: Kind, source: Source | undefined, simulcast: boolean): Promise<void> {
    const sender = this.senders[kind];
    if (sender) return sender.replace(source);
    if (!source) return;
    await this.#add(source, simulcast);
    await this.handle.renegotiate({ timeoutMs: 10_000 });
  }

  /** Ends everything. What is gone already is no error. */
  async close(): Promise<void> {
    await end(this.line, this.handle);
  }
}

/** A handle that cannot be told ends with its session at the latest. */
async function end(line: Line, handle: EchoTest | undefined): Promise<void> {
  const detached = handle?.detach({ timeoutMs: 3000 }).catch(() => {});
  await Promise.all([detached, line.release()]);
}

function startConfig({ bitrate, simulcast, substream, temporal }: Settings) {
  return { ...(bitrate > 0 && { bitrate }), ...(simulcast && { substream, temporal }) };
}
