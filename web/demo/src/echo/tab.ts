import { EchoTest, JanusError, type Kind } from "bifrons";
import type { EchoTestEvent } from "bifrons/plugins/echotest";
import type { Choice } from "../choice.js";
import { said } from "../describe.js";
import { find } from "../elements.js";
import { Pickers } from "../pickers.js";
import { device, noScreen, noWay, type Problem } from "../problem.js";
import type { Desk } from "../shell/desk.js";
import type { Opened } from "../sources.js";
import { Starter, type Phase } from "../starter.js";
import type { OpenTab, Tab } from "../tab.js";
import { describeEcho } from "./describe.js";
import { goProgram } from "./go.js";
import { Numbers } from "./numbers.js";
import html from "./panel.html";
import { Pictures } from "./pictures.js";
import { Ping } from "./ping.js";
import { Quality, type Change } from "./quality.js";
import { Recording } from "./recording.js";
import { Run } from "./run.js";
import { defaults, type Settings } from "./settings.js";
import { Tools, type Toggle } from "./tools.js";
import { typescriptProgram } from "./typescript.js";

/** The echo tab. */
export const echoTab: Tab = {
  name: "echo",
  title: "Echo",
  plugin: { words: "echo test", name: EchoTest.plugin },
  html,
  open: (desk) => new Echoing(desk),
};

/** It puts the parts of the tab together. */
class Echoing implements OpenTab {
  readonly #desk: Desk;
  readonly #pictures = new Pictures();
  readonly #numbers = new Numbers();
  readonly #pickers: Pickers;
  readonly #ping: Ping;
  readonly #quality: Quality;
  readonly #starter = new Starter(find("button", "start"), find("p", "status"), { start: "Start", stop: "Stop" });
  readonly #tools: Tools;

  #settings: Settings = defaults();
  #run: Run | undefined;
  #recording: Recording | undefined;
  #cancel = new AbortController();
  /** Why the gateway hung up last. */
  #reason = "";
  /** What was chosen before the screen. */
  #before: Partial<Record<Kind, Choice>> = {};
  /** Whatever takes time happens one after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(desk: Desk) {
    this.#desk = desk;
    const selects = { video: find("select", "camera"), audio: find("select", "microphone") };
    this.#pickers = new Pickers(desk.devices, selects, (kind, choice) => this.#then(() => this.#choose(kind, choice)));
    this.#quality = new Quality((change) => this.#then(() => this.#tune(change)));
    this.#tools = new Tools(
      (toggle, on) => this.#then(() => this.#toggle(toggle, on)),
      () => this.#then(() => this.#run?.echo?.handle.restart({ timeoutMs: 10_000 })),
    );
    this.#ping = new Ping((error) => desk.failed(error));
    find("button", "start").addEventListener("click", () => this.pressed());
    find("span", "native").hidden = !desk.common.config.native;
    this.loginChanged();
  }

  loginChanged(): void {
    const { login } = this.#desk;
    this.#desk.code({ go: goProgram(login, this.#settings), typescript: typescriptProgram(login, this.#settings) });
  }

  /** Does something when everything before it is done, and says what went wrong. */
  #then(f: () => unknown): void {
    this.#last = this.#last.then(f).catch((error: unknown) => this.#desk.failed(error));
  }

  pressed(): void {
    const { phase } = this.#starter;
    if (phase === "starting") {
      this.#cancel.abort();
      if (this.#run?.echo) this.#then(() => this.#stop("idle", "Cancelled")); // it waits for the media
    } else if (phase === "running" || phase === "waiting") this.#then(() => this.#stop("idle", "Stopped"));
    else this.#then(() => this.#start());
  }

  async #start(): Promise<void> {
    this.#desk.clear();
    await this.#begin("Loading…", async (signal) => {
      const bifrons = await this.#desk.common.load(signal);
      this.#run = new Run(bifrons, this.#desk.connection, this.#pictures, {
        waits: (what) => this.#say("starting", what),
        opened: (opened) => this.#opened(opened),
        event: (event) => this.#event(event),
      });
      await this.#pictures.listen(bifrons, false);
      await this.#run.start(this.#settings, signal);
    });
  }

  /** Negotiates the echo anew, after another capture if it is to have another size. */
  async #again(resize: boolean): Promise<void> {
    if (this.#recording) await this.#record(false);
    this.#tools.enable(false);
    this.#numbers.stop();
    await this.#begin("Connecting to the gateway…", (signal) => this.#run!.again(this.#settings, signal, resize));
    for (const kind of ["audio", "video"] as const) if (this.#tools.on(`mute-${kind}`)) await this.#mute(kind, true);
  }

  /** Begins an echo, which the user can cancel. If it fails, everything ends. */
  async #begin(status: string, begin: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#cancel = new AbortController();
    this.#reason = "";
    const { signal } = this.#cancel;
    this.#say("starting", status);
    try {
      await begin(signal);
      this.#started();
    } catch (error) {
      const reached = this.#run?.reached ?? true;
      await this.#stop(signal.aborted ? "idle" : "failed", signal.aborted ? "Cancelled" : "Not connected");
      if (!signal.aborted) this.#desk.failed(error, { reached, action: { label: "Try again", run: () => this.pressed() } });
    }
  }

  /** The gateway has answered; the media are on their way. */
  #started(): void {
    const echo = this.#run!.echo!;
    if (this.#starter.phase === "starting") this.#say("starting", "Waiting for the media to find their way…");
    this.#numbers.start(echo.peer);
    this.#ping.use(echo.channel).catch((error: unknown) => this.#desk.log.add("media", `The data channel is closed: ${said(error)}`));
    this.#desk.devices.refresh(this.#run!.bifrons).catch(() => {}); // they have names now, where there are any
    void echo.line.client.closed.then((why) => why && this.#run?.echo === echo && this.#endedBy(why));
  }

  async #stop(phase: Phase, status: string): Promise<void> {
    this.#numbers.stop();
    this.#tools.enable(false);
    if (this.#recording) await this.#record(false).catch((error: unknown) => this.#desk.failed(error));
    const run = this.#run;
    this.#run = undefined;
    try {
      await run?.close();
    } finally {
      for (const toggle of ["mute-audio", "mute-video", "listen"] as const) this.#tools.set(toggle, false);
      for (const kind of ["video", "audio"] as const) {
        if (this.#settings[kind] === "screen") this.#sends(kind, this.#before[kind] ?? "device:");
      }
      this.#say(phase, status);
    }
  }

  /** The echo ended by itself. */
  #ended(why: Problem): void {
    const run = this.#run;
    this.#then(async () => {
      if (!run || this.#run !== run) return;
      await this.#stop("failed", "Not connected");
      this.#desk.show(why, { label: "Start again", run: () => this.pressed() });
    });
  }

  #endedBy(error: JanusError): void {
    this.#ended(this.#desk.problem(error));
  }

  #event(event: EchoTestEvent): void {
    const { speaker, text, ...more } = describeEcho(event);
    this.#desk.log.add(speaker, text, more);
    const run = this.#run;
    if (!run) return;
    switch (event.kind) {
      case "media.track":
        this.#then(() => this.#pictures.play(run.bifrons, event.track));
        break;
      case "media.ended":
        this.#pictures.ended(event.track);
        break;
      case "media.blocked":
        this.#desk.show(
          { title: "The browser plays nothing before a click", fix: "Click to see and hear what comes back.", detail: "", mild: true },
          { label: "Play", run: () => this.#then(() => event.sink.play()) },
        );
        break;
      case "webrtcup":
        // A limit of the start holds only from here on: see Config.bitrate.
        if (this.#settings.bitrate > 0) this.#then(() => run.echo?.handle.configure({ bitrate: this.#settings.bitrate }));
        break;
      case "media.state":
        if (event.state === "connected") {
          this.#say("running", "Connected: what you send comes back");
          this.#tools.enable(true);
        }
        if (event.state === "closed") this.#over(text);
        if (this.#starter.phase !== "running") break;
        if (event.state === "disconnected" || event.state === "failed") this.#say("running", "The media are interrupted: looking for another way…");
        break;
      case "interrupted":
        this.#say("waiting", "The gateway is away: trying to reach it again…");
        this.#tools.enable(false);
        break;
      case "resumed":
        this.#then(() => this.#resumed(event.rebuilt));
        break;
      case "echotest.layer_changed":
        this.#quality.layer(event);
        break;
      case "hangup":
        this.#reason = event.reason;
        break;
      case "detached":
      case "timeout":
        this.#endedBy(new JanusError({ kind: "closed", message: text }));
        break;
    }
  }

  /** The gateway is back, and the echo mends itself. */
  async #resumed(rebuilt: boolean): Promise<void> {
    const run = this.#run;
    if (!run?.echo) return;
    const { state } = await run.echo.peer.stats();
    if (this.#run !== run || this.#starter.phase !== "waiting") return;
    if (rebuilt || state !== "connected") return this.#say("waiting", "The gateway is back: the media find their way again…");
    this.#say("running", "Connected: what you send comes back");
    this.#tools.enable(true);
  }

  /** The peer connection is closed, and not mended any more. */
  #over(text: string): void {
    if (!this.#run?.echo) return;
    if (!this.#reason || /^(ICE|DTLS)/.test(this.#reason)) this.#ended(noWay(text));
    else this.#endedBy(new JanusError({ kind: "closed", message: `The gateway hung up: ${this.#reason}` }));
  }

  #opened({ choices, missing }: Opened): void {
    for (const what of missing) if (isSecureContext) this.#desk.show(device(what)); // else it was said before
    for (const [kind, choice] of Object.entries(choices) as [Kind, Choice][]) {
      if (choice === "screen" && this.#settings[kind] !== "screen") this.#before[kind] = this.#settings[kind];
      this.#sends(kind, choice);
    }
    const source = this.#run?.source("video");
    if (choices.video !== "screen" || !source) return;
    // The browser has a button of its own that ends sharing.
    void source.closed.then(() => this.#run?.source("video") === source && this.#then(() => this.#toggle("share", false)));
  }

  /** Shows what is sent. */
  #sends(kind: Kind, choice: Choice): void {
    this.#set({ [kind]: choice });
    this.#pickers.choose(kind, choice);
    if (kind === "video") this.#tools.set("share", choice === "screen");
  }

  async #choose(kind: Kind, choice: Choice): Promise<void> {
    const before = this.#settings[kind];
    if (choice === "screen" && before !== "screen") this.#before[kind] = before;
    if (!this.#run) return this.#sends(kind, choice);
    try {
      await this.#run.choose(kind, choice, this.#settings);
      if (this.#tools.on("mute-video") && kind === "video") await this.#mute("video", true);
      if (this.#tools.on("mute-audio") && kind === "audio") await this.#mute("audio", true);
    } catch (error) {
      this.#sends(kind, before);
      const screen = choice === "screen" && error instanceof JanusError && error.kind === "device";
      const why = screen ? noScreen(error) : this.#desk.problem(error);
      if (why) this.#desk.show(why);
      else this.#desk.log.add("page", "No screen was chosen");
    }
  }

  async #toggle(toggle: Toggle, on: boolean): Promise<void> {
    const run = this.#run;
    if (!run?.echo) return;
    switch (toggle) {
      case "mute-audio":
      case "mute-video":
        await this.#mute(toggle === "mute-audio" ? "audio" : "video", on);
        this.#tools.set(toggle, on);
        break;
      case "share":
        if (on) return this.#choose("video", "screen");
        for (const kind of ["video", "audio"] as const) {
          if (this.#settings[kind] === "screen") await this.#choose(kind, this.#before[kind] ?? "device:");
        }
        break;
      case "listen":
        await this.#pictures.listen(run.bifrons, on);
        this.#tools.set(toggle, on);
        break;
      case "record":
        await this.#record(on);
        break;
    }
  }

  async #mute(kind: Kind, muted: boolean): Promise<void> {
    await this.#run?.echo?.senders[kind]?.mute(muted);
  }

  async #record(on: boolean): Promise<void> {
    const { bifrons } = this.#run!;
    try {
      if (on && this.#pictures.tracks.length === 0) {
        this.#desk.log.add("page", "Nothing comes back that could be recorded");
      } else if (on) {
        this.#recording = await Recording.start(bifrons, [...this.#pictures.tracks], this.#pictures.remote);
        this.#desk.log.add("page", "Recording what comes back");
      } else {
        const recording = this.#recording;
        this.#recording = undefined;
        const saved = await recording?.finish(await this.#pictures.sink(bifrons));
        this.#desk.log.add("page", `Saved ${saved}`);
      }
    } finally {
      this.#tools.set("record", this.#recording !== undefined);
    }
  }

  async #tune(change: Change): Promise<void> {
    this.#set(change);
    const run = this.#run;
    if (!run?.echo) return;
    const { simulcast, ...config } = change;
    if (simulcast === undefined) return run.echo.handle.configure(config, { timeoutMs: 10_000 });
    await this.#again(true); // how many sizes are sent is agreed on at the start
  }

  #set(change: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...change };
    this.loginChanged();
  }

  #say(phase: Phase, status: string): void {
    this.#starter.say(phase, status);
    this.#desk.live(phase === "running" || phase === "waiting");
  }
}
