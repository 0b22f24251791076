import { JanusError, VideoCall, type Kind } from "bifrons";
import type { VideoCallEvent } from "bifrons/plugins/videocall";
import type { Choice } from "../choice.js";
import { find } from "../elements.js";
import { Pickers } from "../pickers.js";
import { device, noWay, type Problem } from "../problem.js";
import type { Desk } from "../shell/desk.js";
import { Starter, type Phase } from "../starter.js";
import type { OpenTab, Tab } from "../tab.js";
import { Call } from "./call.js";
import { busy, Conversation, declined } from "./conversation.js";
import { describeCall } from "./describe.js";
import { Faces } from "./faces.js";
import { goProgram } from "./go.js";
import { Others } from "./others.js";
import html from "./panel.html";
import { callProblem } from "./problem.js";
import { Ring } from "./ring.js";
import { Tools } from "./tools.js";
import { typescriptProgram } from "./typescript.js";
import { User } from "./user.js";

/** The video call tab. */
export const videoCallTab: Tab = {
  name: "videocall",
  title: "Video call",
  plugin: { words: "video call", name: VideoCall.plugin },
  html,
  open: (desk) => new Calling(desk),
};

/** How often it is looked who is there, in milliseconds: the gateway does not tell by itself. */
const lookEvery = 4000;

/** It puts the parts of the tab together. */
class Calling implements OpenTab {
  readonly #desk: Desk;
  readonly #faces = new Faces();
  readonly #others = new Others((name) => this.#dial(name));
  readonly #ring = new Ring();
  readonly #starter = new Starter(find("button", "call-start"), find("p", "call-status"), { start: "Register", stop: "Leave" });
  readonly #name = find("input", "call-name");
  readonly #refresh = find("button", "call-refresh");
  readonly #tools = new Tools(
    (kind, muted) => this.#then(() => this.#mute(kind, muted)),
    () => this.#hangUp("hung up"),
  );
  readonly #sends: Record<Kind, Choice> = { video: "device:", audio: "device:" };

  #user: User | undefined;
  #now: Conversation | undefined;
  /** The one before, of which more may be heard. */
  #before: Conversation | undefined;
  /** Who was called last. */
  #whom = "";
  #cancel = new AbortController();
  #looking: ReturnType<typeof setInterval> | undefined;
  /** Whatever takes time happens one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(desk: Desk) {
    this.#desk = desk;
    const selects = { video: find("select", "call-camera"), audio: find("select", "call-microphone") };
    const pickers = new Pickers(desk.devices, selects, (kind, choice) => {
      this.#sends[kind] = choice;
      pickers.choose(kind, choice);
      this.loginChanged();
    });
    find("form", "call-door").addEventListener("submit", (event) => {
      event.preventDefault();
      this.pressed();
    });
    this.#name.addEventListener("input", () => this.loginChanged());
    this.#refresh.addEventListener("click", () => this.#then(() => this.#look()));
    this.loginChanged();
  }

  loginChanged(): void {
    const { login } = this.#desk;
    const name = this.#user?.name ?? (this.#name.value.trim() || "ann");
    const settings = { name, whom: this.#whom, ...this.#sends };
    this.#desk.code({ go: goProgram(login, settings), typescript: typescriptProgram(login, settings) });
  }

  #then(f: () => unknown): void {
    this.#last = this.#last.then(f).catch((error: unknown) => this.#failed(error));
  }

  pressed(): void {
    const { phase } = this.#starter;
    if (phase === "starting") this.#cancel.abort();
    else if (phase === "running" || phase === "waiting") this.#leave();
    else this.#then(() => this.#register());
  }

  async #register(): Promise<void> {
    this.#desk.clear();
    const name = this.#name.value.trim();
    if (!name) {
      this.#desk.show({ title: "What is your name?", fix: "Fill it in: the others call you by it.", detail: "", mild: true });
      return this.#name.focus();
    }
    this.#cancel = new AbortController();
    const { signal } = this.#cancel;
    let reached = false;
    this.#say("starting", "Connecting to the gateway…");
    try {
      await this.#desk.common.load(signal);
      const user = await User.register(this.#desk.connection, name, () => (reached = true), signal);
      this.#user = user;
      this.#ready();
      void this.#listen(user);
      this.#looking = setInterval(() => this.#visible() && void this.#look().catch(() => {}), lookEvery); // the next may do better
      await this.#look();
    } catch (error) {
      await this.#gone(signal.aborted ? "idle" : "failed")();
      if (!signal.aborted) this.#failed(error, { name, reached });
    }
  }

  #visible(): boolean {
    return !document.hidden && this.#refresh.checkVisibility();
  }

  async #look(): Promise<void> {
    const user = this.#user;
    if (!user) return;
    const names = await user.others();
    if (this.#user === user) this.#others.show(names);
  }

  async #listen(user: User): Promise<void> {
    let why: unknown = new JanusError({ kind: "closed", message: "the gateway ended it" });
    try {
      for await (const event of user.handle) {
        const { speaker, text, ...more } = describeCall(event);
        this.#desk.log.add(speaker, text, more);
        this.#desk.common.heard(event);
        if (this.#user === user) this.#event(user, event);
      }
    } catch (error) {
      why = error;
    }
    if (this.#user === user) this.#ended(this.#desk.problem(why));
  }

  #event(user: User, event: VideoCallEvent): void {
    const now = this.#now;
    switch (event.kind) {
      case "videocall.incoming":
        if (now) this.#then(() => user.handle.decline({ reason: busy, timeoutMs: 10_000 }));
        else this.#rings(new Conversation(event.username, event));
        break;
      case "videocall.accepted":
        if (now) this.#talks(now);
        break;
      case "videocall.ended": {
        // Before the gateway's hangup, or after it.
        const problem = [now, this.#before].find((talk) => talk?.whom === event.username)?.ended(event.reason);
        if (problem) this.#desk.show(problem);
        break;
      }
      case "hangup":
        if (!now?.asked) break; // of the call before
        this.#hungUp(now, event.reason);
        break;
      case "media.track":
        this.#then(() => this.#faces.play(user.line.bifrons, event.track));
        break;
      case "media.blocked":
        this.#desk.show(
          { title: "The browser plays nothing before a click", fix: "Click to see and hear the other side.", detail: "", mild: true },
          { label: "Play", run: () => this.#then(() => event.sink.play()) },
        );
        break;
      case "interrupted":
        this.#say("waiting", "The gateway is away: trying to reach it again…");
        break;
      case "resumed":
        if (event.rebuilt && now) this.#then(this.#over(now));
        else this.#ready();
        break;
      case "detached":
      case "timeout":
        this.#ended(this.#desk.problem(new JanusError({ kind: "closed", message: "the gateway ended it" })));
        break;
    }
  }

  #dial(whom: string): void {
    if (!this.#user || this.#now) return;
    this.#whom = whom;
    this.loginChanged();
    const now = this.#begin(new Conversation(whom), `Calling ${whom}…`);
    this.#then(() => this.#connect(now, (call) => call.ring(now.cancel.signal)));
  }

  #rings(now: Conversation): void {
    this.#begin(now, `${now.whom} is calling`);
    this.#ring.start(
      now.whom,
      () => {
        this.#ring.stop();
        this.#then(async () => {
          await this.#connect(now, (call) => call.accept(now.incoming!, now.cancel.signal));
          if (this.#now === now) this.#talks(now);
        });
      },
      () => this.#hangUp(declined),
    );
  }

  #begin(now: Conversation, status: string): Conversation {
    this.#now = now;
    this.#desk.clear();
    this.#tools.begin();
    this.#progress(now, status);
    return now;
  }

  /** Opens what is to be sent, and does what brings the call about. */
  async #connect(now: Conversation, ask: (call: Call) => Promise<void>): Promise<void> {
    const user = this.#user;
    if (!user || this.#now !== now) return;
    const { signal } = now.cancel;
    try {
      const call = (now.call = await Call.prepare(user, now.whom, this.#sends, signal));
      for (const missing of call.opened.missing) if (isSecureContext) this.#desk.show(device(missing)); // else it was said before
      await this.#faces.begin(user.line.bifrons, now.whom, call.opened.sources.video);
      this.#desk.devices.refresh(user.line.bifrons).catch(() => {}); // they have names now, where there are any
      now.asked = true;
      await ask(call);
    } catch (error) {
      await this.#over(now)();
      if (!signal.aborted) this.#failed(error, { whom: now.whom });
    }
  }

  #talks(now: Conversation): void {
    this.#progress(now, `In a call with ${now.whom}`);
    this.#tools.talk();
  }

  #progress(now: Conversation, status: string): void {
    now.status = status;
    this.#ready();
  }

  #hangUp(reason: string): void {
    const now = this.#now;
    const user = this.#user;
    if (!now || !user) return;
    now.cancel.abort();
    const { asked } = now;
    const over = this.#over(now);
    this.#then(async () => {
      if (asked) await user.handle.end({ reason, timeoutMs: 10_000 });
      await over();
    });
  }

  /** A conversation is over; what it returns lets go of the devices. */
  #over(now: Conversation): () => Promise<void> {
    if (this.#now === now) {
      this.#now = undefined;
      this.#before = now;
      this.#ring.stop();
      this.#ready();
      this.#tools.stop(this.#refresh);
    }
    return async () => {
      await now.call?.close();
      if (!this.#now) await this.#faces.clear();
    };
  }

  /** The other side hung up, or the gateway did. */
  #hungUp(now: Conversation, why: string): void {
    this.#then(this.#over(now));
    if (why === "ICE failed") this.#desk.show(noWay(why));
  }

  async #mute(kind: Kind, muted: boolean): Promise<void> {
    await this.#now?.call?.mute(kind, muted);
    this.#tools.muted(kind, muted);
  }

  /** Says what goes on. */
  #ready(): void {
    if (!this.#user) return;
    this.#say("running", this.#now?.status ?? `Registered as ${this.#user.name}`);
    this.#others.free(!this.#now);
  }

  #leave(): void {
    this.#then(this.#gone("idle"));
  }

  /** It ended, and not because the user wanted it. */
  #ended(why: Problem): void {
    const gone = this.#gone("failed");
    this.#desk.show(why, { label: "Register again", run: () => this.pressed() });
    this.#then(gone);
  }

  /** We have no name any more; what it returns gives it back. */
  #gone(phase: Phase): () => Promise<void> {
    clearInterval(this.#looking);
    const user = this.#user;
    const now = this.#now;
    this.#user = undefined;
    now?.cancel.abort();
    const over = now && this.#over(now);
    this.#others.show(undefined);
    this.#say(phase, "Not registered");
    return async () => {
      await over?.();
      await user?.close();
    };
  }

  #say(phase: Phase, status: string): void {
    this.#starter.say(phase, status);
    this.#desk.live(phase === "running" || phase === "waiting");
    this.#name.readOnly = phase !== "idle" && phase !== "failed";
    this.#refresh.disabled = phase !== "running";
  }

  #failed(error: unknown, { name = "", whom = "", reached = true } = {}): void {
    this.#desk.show(callProblem(error, name, whom) ?? this.#desk.problem(error, reached));
  }
}
