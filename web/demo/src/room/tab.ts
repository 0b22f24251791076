import { JanusError, type ID, type Kind } from "bifrons";
import { Codes, VideoRoom, type RoomEvent } from "bifrons/plugins/videoroom";
import type { Choice } from "../choice.js";
import { find } from "../elements.js";
import { noScreen, noWay, type Problem } from "../problem.js";
import type { Desk } from "../shell/desk.js";
import type { Action } from "../shell/notices.js";
import { Starter, type Phase } from "../starter.js";
import type { OpenTab, Tab } from "../tab.js";
import { Form, written } from "./form.js";
import { goProgram } from "./go.js";
import { Invite } from "./invite.js";
import { Outgoing } from "./outgoing.js";
import html from "./panel.html";
import { Presence } from "./presence.js";
import { ending, refusal, type Request } from "./refusal.js";
import { Rooms } from "./rooms.js";
import { Stay } from "./stay.js";
import { Tools, type Toggle } from "./tools.js";
import { typescriptProgram } from "./typescript.js";

/** The tab of the video room. */
export const videoRoomTab: Tab = {
  name: "videoroom",
  title: "Video room",
  plugin: { words: "video room", name: VideoRoom.plugin },
  html,
  open: (desk) => new Rooming(desk),
};

/** It puts the parts of the tab together. */
class Rooming implements OpenTab {
  readonly #desk: Desk;
  readonly #form: Form;
  readonly #invite = new Invite();
  readonly #outgoing: Outgoing;
  readonly #presence: Presence;
  readonly #rooms: Rooms;
  readonly #starter = new Starter(find("button", "room-join"), find("p", "room-status"), { start: "Join", stop: "Leave" });
  readonly #tools: Tools;

  #stay: Stay | undefined;
  #cancel = new AbortController();
  /** Whatever takes time happens one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#form = new Form({
      join: () => this.pressed(),
      show: () => this.#then(() => this.#list()),
      create: () => this.#then(() => this.#create()),
      changed: () => this.loginChanged(),
    });
    this.#outgoing = new Outgoing(desk, {
      chosen: (kind, choice) => this.#then(() => this.#choose(kind, choice)),
      changed: () => this.loginChanged(),
    });
    this.#presence = new Presence(desk.log, (error) => this.#failed(error, "look after"));
    this.#rooms = new Rooms(desk.connection, (room) => {
      this.#form.choose(room);
      this.loginChanged();
    });
    this.#tools = new Tools((toggle, on) => this.#then(() => this.#toggle(toggle, on)));
    this.loginChanged();
  }

  visit(room: string): void {
    if (this.#stay) return;
    this.#form.write(room);
    this.loginChanged();
  }

  loginChanged(): void {
    const { login } = this.#desk;
    const { entry, role } = this.#form;
    const { choices, simulcast } = this.#outgoing;
    const settings = { ...entry, role, ...choices, simulcast };
    const { gateway, chaos } = this.#desk.common.config;
    this.#invite.show(login.gateway, entry, login.gateway === gateway && chaos ? chaos.terminal : "");
    this.#desk.code({ go: goProgram(login, settings), typescript: typescriptProgram(login, settings) });
  }

  /** Does something when everything before it is done, and says what went wrong. */
  #then(f: () => unknown): void {
    this.#last = this.#last.then(f).catch((error: unknown) => this.#failed(error, "look after"));
  }

  pressed(): void {
    const { phase } = this.#starter;
    if (phase === "starting") this.#cancel.abort();
    else if (phase === "idle" || phase === "failed") this.#then(() => this.#join());
    else this.#then(() => this.#leave("idle", "You have left the room"));
  }

  async #join(): Promise<void> {
    this.#desk.clear();
    this.#cancel = new AbortController();
    const { signal } = this.#cancel;
    this.#say("starting", "Loading…");
    this.#form.enable(false);
    let reached = false;
    try {
      const bifrons = await this.#desk.common.load(signal);
      this.#say("starting", "Getting ready…");
      await this.#outgoing.open(this.#form.role, signal);
      this.#say("starting", "Joining the room…");
      const { entry } = this.#form;
      const line = await this.#desk.connection.use(signal);
      reached = true;
      const stay = await Stay.enter(line, entry, signal);
      this.#stay = stay;
      stay.room.on("*", (event) => this.#stay === stay && this.#event(event));
      void stay.room.closed.then((why) => why && this.#ended(stay, why));
      await this.#presence.begin(bifrons, stay, this.#outgoing.sources);
      await this.#publish(stay, signal);
      this.#joined(stay);
    } catch (error) {
      await this.#leave(signal.aborted ? "idle" : "failed", signal.aborted ? "Cancelled" : "Not in a room");
      if (!signal.aborted) this.#failed(error, "join", reached);
    }
  }

  /** Sends what was opened. In a full room we watch. */
  async #publish(stay: Stay, signal: AbortSignal): Promise<void> {
    const sources = Object.values(this.#outgoing.sources);
    if (sources.length === 0) return;
    try {
      await stay.publish(sources, this.#outgoing.simulcast, { signal });
    } catch (error) {
      if (!(error instanceof JanusError) || error.kind !== "plugin" || error.code !== Codes.ErrPublishersFull) throw error;
      this.#failed(error, "publish");
      await this.#outgoing.close();
      await this.#presence.own({});
    }
  }

  #joined({ room, entry }: Stay): void {
    this.#desk.link(written(room.id));
    this.#say("running", `In room ${room.id} as ${entry.display}`);
    this.#form.fold(true);
    this.#show();
  }

  #show(): void {
    const stay = this.#stay;
    if (!stay) return;
    this.#tools.set("mute", stay.muted("audio"), stay.sends("audio"));
    this.#tools.set("hide", stay.muted("video"), stay.sends("video"));
    this.#tools.set("share", stay.shares, true);
    this.#presence.render();
  }

  async #leave(phase: Phase, status: string): Promise<void> {
    const stay = this.#stay;
    this.#stay = undefined;
    this.#tools.end();
    await this.#presence.end();
    await Promise.all([stay?.leave(), this.#outgoing.close()]);
    this.#form.enable(true);
    this.#form.fold(false);
    this.#say(phase, status);
  }

  /** The room ended by itself. */
  #ended(stay: Stay, why: JanusError): void {
    this.#then(async () => {
      if (this.#stay !== stay) return;
      await this.#leave("failed", "Not in a room");
      this.#desk.show(ending(why, stay.entry.room) ?? this.#desk.problem(why), { label: "Join again", run: () => this.pressed() });
    });
  }

  #event(event: RoomEvent): void {
    this.#presence.learn(event);
    this.#desk.common.heard(event);
    switch (event.kind) {
      case "media.blocked":
        this.#desk.show(
          { title: "The browser plays nothing before a click", fix: "Click to see and hear the others.", detail: "", mild: true },
          { label: "Play", run: () => this.#then(() => event.sink.play()) },
        );
        break;
      case "interrupted":
        this.#say("waiting", "The gateway is away: trying to reach it again…");
        break;
      case "resumed":
        if (this.#stay) this.#say("running", `In room ${this.#stay.room.id} as ${this.#stay.entry.display}`);
        break;
      case "hangup":
        if (event.reason === "ICE failed") this.#desk.show(noWay(event.reason));
        break;
    }
  }

  /** Sends something else. What could not be had stays as it was. */
  async #choose(kind: Kind, choice: Choice): Promise<void> {
    const stay = this.#stay;
    const outgoing = this.#outgoing;
    const before = outgoing.choices[kind];
    if (!stay?.sends(kind)) return outgoing.choose(kind, choice);
    try {
      const source = await outgoing.reopen(kind, choice);
      await stay.replace(kind, source);
      const old = outgoing.keep(kind, source);
      await this.#presence.own(outgoing.sources);
      await old?.close();
    } catch (error) {
      outgoing.choose(kind, before);
      this.#failed(error, "publish");
    }
  }

  async #toggle(toggle: Toggle, on: boolean): Promise<void> {
    const stay = this.#stay;
    if (!stay) return;
    try {
      if (toggle === "mute") await stay.mute("audio", on);
      else if (toggle === "hide") await stay.mute("video", on);
      else if (on) await this.#share(stay);
      else await this.#unshare(stay);
    } finally {
      this.#show();
    }
  }

  async #share(stay: Stay): Promise<void> {
    const bifrons = await this.#desk.common.load();
    const { sources } = await bifrons.display();
    const source = sources[0]!;
    try {
      await stay.share(source);
    } catch (error) {
      await source.close();
      throw error;
    }
    this.#outgoing.keep("screen", source);
    await this.#presence.own(this.#outgoing.sources);
    // The browser has a button of its own that ends sharing.
    void source.closed.then(() => this.#outgoing.sources.screen === source && this.#then(() => this.#toggle("share", false)));
  }

  async #unshare(stay: Stay): Promise<void> {
    const screen = this.#outgoing.keep("screen", undefined);
    await stay.unshare();
    await this.#presence.own(this.#outgoing.sources);
    await screen?.close();
  }

  async #list(): Promise<void> {
    this.#desk.clear();
    await this.#rooms.show().catch((error: unknown) => this.#failed(error, "look after", this.#rooms.reached));
  }

  /** Makes a room by what is in the form; with `room`, one of that number. */
  async #create(room?: ID): Promise<void> {
    this.#desk.clear();
    const { pin, secret } = this.#form.entry;
    const { title } = this.#form;
    try {
      const made = await this.#rooms.create({ ...(room !== undefined && { room }), ...(title && { description: title }), ...(pin && { pin }), ...(secret && { secret }) });
      this.#form.choose(made);
      this.loginChanged();
      this.#say("idle", `Room ${made} is made: join it`);
    } catch (error) {
      this.#failed(error, "create", this.#rooms.reached);
    }
  }

  #say(phase: Phase, status: string): void {
    this.#starter.say(phase, status);
    this.#desk.live(phase === "running" || phase === "waiting");
  }

  #failed(error: unknown, asked: Request, reached = true): void {
    const { entry } = this.#form;
    const screen = error instanceof JanusError && error.kind === "device";
    const why: Problem | undefined = refusal(error, asked, entry) ?? (screen ? noScreen(error) : this.#desk.problem(error, reached));
    if (why) this.#desk.show(why, this.#action(error, asked, entry.room));
    else this.#desk.log.add("page", "No screen was chosen");
  }

  /** What a button beside the words can do about it. */
  #action(error: unknown, asked: Request, room: ID): Action | undefined {
    if (asked !== "join") return undefined;
    if (error instanceof JanusError && error.kind === "plugin" && error.code === Codes.ErrNoSuchRoom) {
      return { label: `Make room ${room}`, run: () => this.#then(() => this.#create(room)) };
    }
    return { label: "Try again", run: () => this.pressed() };
  }
}
