import { JanusError, TextRoom, type Chat } from "bifrons";
import { Codes, type Participant, type TextRoomEvent } from "bifrons/plugins/textroom";
import type { Connection, Line } from "../shell/connection.js";
import type { Settings } from "./settings.js";

/** How many messages a room keeps that this page makes. */
const history = 50;

/** What entering a room waits for. */
export type Stage = "gateway" | "room" | "channel";

/** One stay in a room: a handle, and a chat over it. */
export class Talk {
  readonly line: Line;
  /** Who was there before. */
  readonly others: readonly Participant[];
  readonly #text: TextRoom;
  readonly #settings: Settings;
  #chat: Chat;

  private constructor(line: Line, settings: Settings, text: TextRoom, chat: Chat, others: readonly Participant[]) {
    this.line = line;
    this.#settings = settings;
    this.#text = text;
    this.#chat = chat;
    this.others = others;
  }

  /** Enters a room, and makes it if need be. */
  static async join(connection: Connection, settings: Settings, waits: (stage: Stage) => void, signal: AbortSignal): Promise<Talk> {
    const { room, name, pin } = settings;
    const call = { signal, timeoutMs: 10_000 };
    waits("gateway");
    const line = await connection.use(signal);
    let text: TextRoom | undefined;
    try {
      waits("room");
      text = await line.session.attach(TextRoom, call);
      await provide(text, settings, call);
      const chat = await text.open(call);
      waits("channel");
      const others = await chat.join({ room, username: name, display: name, ...(pin && { pin }) }, call);
      return new Talk(line, settings, text, chat, others);
    } catch (error) {
      await end(line, text);
      throw error;
    }
  }

  /** What happens, from the messages that the room had kept on. */
  events(): AsyncIterable<TextRoomEvent> {
    return this.#text;
  }

  /** Resolves when the chat has ended. */
  get closed(): Promise<unknown> {
    return this.#chat.closed;
  }

  /** Says something, to one person or to everybody; false: that person is not there. */
  async say(text: string, to: string): Promise<boolean> {
    const { sent } = await this.#chat.message({ room: this.#settings.room, text, ...(to && { to }) }, { timeoutMs: 10_000 });
    return sent?.[to] ?? true;
  }

  /** Connects again, and is in the room again. */
  async again(): Promise<void> {
    this.#chat = await this.#text.open({ timeoutMs: 10_000 });
  }

  /** Leaves. What is gone already is no error. */
  async close(): Promise<void> {
    await end(this.line, this.#text);
  }
}

/** Sees to it that there is a room. Another page may be doing so at the same time. */
async function provide({ rooms }: TextRoom, { room, pin }: Settings, call: { signal: AbortSignal; timeoutMs: number }): Promise<void> {
  if (await rooms.exists(room, call)) return;
  const request = { room, description: "Made by the demo page of Bifrons", history, ...(pin && { pin }) };
  await rooms.create(request, call).catch((error: unknown) => {
    if (!(error instanceof JanusError && error.code === Codes.ErrRoomExists)) throw error;
  });
}

/** A handle that cannot be told ends with its session at the latest. */
async function end(line: Line, text: TextRoom | undefined): Promise<void> {
  const detached = text?.detach({ timeoutMs: 3000 }).catch(() => {});
  await Promise.all([detached, line.release()]);
}
