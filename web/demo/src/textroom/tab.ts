import { JanusError, TextRoom } from "bifrons";
import type { TextRoomEvent } from "bifrons/plugins/textroom";
import { find } from "../elements.js";
import type { Problem } from "../problem.js";
import type { Desk } from "../shell/desk.js";
import { Starter, type Phase } from "../starter.js";
import type { OpenTab, Tab } from "../tab.js";
import { describeText } from "./describe.js";
import { goProgram } from "./go.js";
import { Messages } from "./messages.js";
import html from "./panel.html";
import { People } from "./people.js";
import { incomplete, textProblem } from "./problem.js";
import { roomOf, type Settings } from "./settings.js";
import { Talk, type Stage } from "./talk.js";
import { typescriptProgram } from "./typescript.js";

/** The text room tab. */
export const textRoomTab: Tab = {
  name: "textroom",
  title: "Text room",
  plugin: { words: "text room", name: TextRoom.plugin },
  html,
  open: (desk) => new Talking(desk),
};

const stages: Record<Stage, string> = {
  gateway: "Connecting to the gateway…",
  room: "Entering the room…",
  channel: "Waiting for the data channel…",
};

/** It puts the parts of the tab together. */
class Talking implements OpenTab {
  readonly #desk: Desk;
  readonly #messages = new Messages();
  readonly #people = new People(() => this.loginChanged());
  readonly #starter = new Starter(find("button", "text-start"), find("p", "text-status"), { start: "Join", stop: "Leave" });
  readonly #name = find("input", "text-name");
  readonly #room = find("input", "text-room");
  readonly #pin = find("input", "text-pin");
  readonly #words = find("input", "text-words");
  readonly #writing = [this.#words, find("select", "text-to"), find("button", "text-send")];

  #settings: Settings;
  #talk: Talk | undefined;
  #stage: Stage = "gateway";
  #cancel = new AbortController();
  /** A lost connection is being made again. */
  #mending = false;
  /** Whatever takes time happens one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#settings = this.#read();
    find("form", "text-door").addEventListener("submit", (event) => {
      event.preventDefault();
      this.pressed();
    });
    find("form", "text-write").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#write();
    });
    for (const input of this.#door()) input.addEventListener("input", () => this.loginChanged());
    this.loginChanged();
  }

  #door(): HTMLInputElement[] {
    return [this.#name, this.#room, this.#pin];
  }

  #read(): Settings {
    return { name: this.#name.value.trim(), room: roomOf(this.#room.value), pin: this.#pin.value, to: this.#people.to };
  }

  loginChanged(): void {
    if (!this.#talk) this.#settings = this.#read();
    const { login } = this.#desk;
    const settings = { ...this.#settings, name: this.#settings.name || "ann", to: this.#people.to };
    this.#desk.code({ go: goProgram(login, settings), typescript: typescriptProgram(login, settings) });
  }

  /** Of #textroom/1234, it gets the room. */
  visit(room: string): void {
    if (this.#talk) return;
    this.#room.value = room;
    this.loginChanged();
  }

  #then(f: () => unknown): void {
    this.#last = this.#last.then(f).catch((error: unknown) => this.#failed(error));
  }

  pressed(): void {
    const { phase } = this.#starter;
    if (phase === "starting") this.#cancel.abort();
    else if (phase === "running" || phase === "waiting") this.#then(() => this.#leave());
    else this.#then(() => this.#join());
  }

  async #join(): Promise<void> {
    this.#desk.clear();
    this.#settings = this.#read();
    const missing = incomplete(this.#settings);
    if (missing) {
      this.#desk.show(missing);
      return (this.#settings.name ? this.#room : this.#name).focus();
    }
    this.#cancel = new AbortController();
    const { signal } = this.#cancel;
    this.#stage = "gateway";
    this.#say("starting", "Loading…");
    try {
      await this.#desk.common.load(signal);
      const waits = (stage: Stage) => this.#say("starting", stages[(this.#stage = stage)]);
      this.#joined(await Talk.join(this.#desk.connection, this.#settings, waits, signal));
    } catch (error) {
      this.#left(signal.aborted ? "idle" : "failed");
      if (!signal.aborted) this.#failed(error);
    }
  }

  #joined(talk: Talk): void {
    this.#talk = talk;
    const { name, room } = this.#settings;
    this.#messages.clear();
    this.#people.reset(name, talk.others);
    this.#say("running", `In room ${room}, as ${name}`);
    if (find("form", "text-door").contains(document.activeElement)) this.#words.focus();
    void this.#listen(talk);
    void this.#mend(talk);
  }

  async #listen(talk: Talk): Promise<void> {
    let why: unknown = new JanusError({ kind: "closed", message: "the gateway ended it" });
    try {
      for await (const event of talk.events()) {
        const { speaker, text, ...more } = describeText(event);
        this.#desk.log.add(speaker, text, more);
        this.#desk.common.heard(event);
        if (this.#talk === talk) this.#event(event);
      }
    } catch (error) {
      why = error;
    }
    if (this.#talk === talk) this.#ended(this.#desk.problem(why));
  }

  #event(event: TextRoomEvent): void {
    const { name, room } = this.#settings;
    switch (event.kind) {
      case "textroom.joined":
        if (event.username === name) this.#messages.note("You came in");
        else if (this.#people.add(event.username, event.display)) this.#messages.note(`${event.display || event.username} came in`);
        break;
      case "textroom.left":
        this.#messages.note(`${this.#people.name(event.username)} left`);
        this.#people.remove(event.username);
        break;
      case "textroom.kicked":
        if (event.username === name) {
          return this.#ended({ title: "You were removed from the room", fix: "Somebody who has its secret did that. You may come in again.", detail: "", mild: true });
        }
        this.#messages.note(`${this.#people.name(event.username)} was removed`);
        this.#people.remove(event.username);
        break;
      case "textroom.destroyed":
        return this.#ended({ title: `Room ${room} was closed`, fix: "Somebody who has its secret did that. Join again: it is made anew.", detail: "", mild: true });
      case "textroom.message": {
        const from = event.display || this.#people.name(event.from);
        this.#messages.add({ from, text: event.text, date: event.date, own: event.from === name, ...(event.whisper && { only: "you" }) });
        break;
      }
      case "textroom.announcement":
        this.#messages.add({ from: "", text: event.text, date: event.date, own: false });
        break;
      case "textroom.lost":
        this.#messages.note("Some messages were missed here: the page was too slow");
        break;
      case "textroom.rejoined":
        if (event.err) return this.#ended(this.#problem(event.err));
        this.#people.reset(name, event.participants);
        this.#say("running", `In room ${room}, as ${name}`);
        break;
      case "hangup":
        this.#lost();
        break;
      case "interrupted":
        this.#say("waiting", "The gateway is away: trying to reach it again…");
        break;
      case "resumed":
        if (event.rebuilt) this.#lost();
        else if (!this.#mending) this.#say("running", `In room ${room}, as ${name}`);
        break;
      case "detached":
      case "timeout":
        this.#ended(this.#desk.problem(new JanusError({ kind: "closed", message: "the gateway ended it" })));
        break;
    }
  }

  /** The chat makes another connection by itself, or ends. */
  #lost(): void {
    this.#stage = "channel";
    this.#say("waiting", "The connection was lost: making another…");
  }

  /** Connects again and goes back into the room, when the chat has ended. */
  async #mend(talk: Talk): Promise<void> {
    await talk.closed;
    if (this.#mending || this.#talk !== talk) return;
    this.#mending = true;
    this.#lost();
    let later = false;
    this.#then(async () => {
      try {
        if (this.#talk !== talk) return;
        await talk.again();
        if (this.#talk === talk) this.#say("running", `In room ${this.#settings.room}, as ${this.#settings.name}`);
        later = true;
      } catch (error) {
        later = error instanceof JanusError && error.kind === "interrupted"; // the gateway is away: it waits for it
        if (this.#talk === talk && !later) this.#ended(this.#problem(error));
      } finally {
        this.#mending = false;
        if (later) void this.#mend(talk);
      }
    });
  }

  #write(): void {
    const { to } = this.#people;
    const text = this.#words.value.trim();
    const talk = this.#talk;
    if (!text || !talk) return;
    this.#words.value = "";
    this.#then(async () => {
      if (await talk.say(text, to)) {
        // To all, it comes back; to one, it does not.
        if (to) this.#messages.add({ from: this.#settings.name, text, date: Date.now(), own: true, only: this.#people.name(to) });
      } else {
        this.#desk.show({ title: `${to} is not here`, fix: "Nobody got the message: write to somebody else.", detail: "", mild: true });
        this.#words.value ||= text;
      }
    });
  }

  async #leave(): Promise<void> {
    const talk = this.#talk;
    this.#left("idle");
    await talk?.close();
  }

  /** It ended, and not because the user wanted it. */
  #ended(why: Problem): void {
    const talk = this.#talk;
    this.#left("failed");
    this.#desk.show(why, { label: "Join again", run: () => this.pressed() });
    this.#then(() => talk?.close());
  }

  #left(phase: Phase): void {
    this.#talk = undefined;
    this.#people.reset("");
    this.#say(phase, "Not in a room");
  }

  #say(phase: Phase, status: string): void {
    this.#starter.say(phase, status);
    this.#desk.live(phase === "running" || phase === "waiting");
    const idle = phase === "idle" || phase === "failed";
    for (const input of this.#door()) input.readOnly = !idle;
    for (const element of this.#writing) element.disabled = phase !== "running";
  }

  #problem(error: unknown): Problem {
    return textProblem(error, this.#stage, this.#settings) ?? this.#desk.problem(error, this.#stage !== "gateway");
  }

  #failed(error: unknown): void {
    this.#desk.show(this.#problem(error));
  }
}
