import { EchoTest, type Bifrons, type Client, type DataChannel, type Kind, type Peer, type Sender, type Session, type Source } from "bifrons";
import type { Settings } from "./settings.js";

/** What the page wants to see of an echo before it runs. */
export interface Watching {
  wire: (direction: "sent" | "received" | "ignored", message: string, reason?: string) => void;
  /** Called when there are a session and a handle, and before anything happens on them. */
  attached: (session: Session, handle: EchoTest) => void;
}

/** One running echo test: a connection, a session, a handle and a peer connection. */
export class Echo {
  readonly client: Client;
  readonly session: Session;
  readonly handle: EchoTest;
  readonly peer: Peer;
  readonly channel: DataChannel;
  readonly senders: Partial<Record<Kind, Sender>> = {};

  private constructor(client: Client, session: Session, handle: EchoTest, peer: Peer, channel: DataChannel) {
    this.client = client;
    this.session = session;
    this.handle = handle;
    this.peer = peer;
    this.channel = channel;
  }

  static async start(
    bifrons: Bifrons,
    settings: Settings,
    sources: Partial<Record<Kind, Source>>,
    watching: Watching,
    signal: AbortSignal,
  ): Promise<Echo> {
    const { gateway, token, apiSecret } = settings;
    const call = { signal, timeoutMs: 10_000 };
    const credentials = { ...(token && { token }), ...(apiSecret && { apiSecret }) };
    const client = await bifrons.dial(gateway, { credentials, trace: watching.wire, ...call });
    try {
      const session = await client.newSession(call);
      const handle = await session.attach(EchoTest, call);
      watching.attached(session, handle);
      const peer = await handle.newPeer();
      const echo = new Echo(client, session, handle, peer, await peer.openData("words"));
      for (const source of Object.values(sources)) await echo.#add(source, settings.simulcast);
      await handle.start(startConfig(settings), peer, call);
      return echo;
    } catch (error) {
      await client.close();
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
    await this.session.destroy({ timeoutMs: 3000 }).catch(() => {}); // it ends with the connection at the latest
    await this.client.close();
  }
}

function startConfig({ bitrate, simulcast, substream, temporal }: Settings) {
  return { ...(bitrate > 0 && { bitrate }), ...(simulcast && { substream, temporal }) };
}
