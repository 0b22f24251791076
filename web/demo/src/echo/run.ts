import type { Bifrons, EchoTest, Kind, Source } from "bifrons";
import type { EchoTestEvent } from "bifrons/plugins/echotest";
import { deviceId, type Choice } from "../choice.js";
import type { Connection } from "../shell/connection.js";
import { openSources, type Opened } from "../sources.js";
import { Echo } from "./echo.js";
import type { Pictures } from "./pictures.js";
import { captureSize, type Settings } from "./settings.js";

/** What the page is told about a run. */
export interface Observer {
  /** What it waits for. */
  waits: (text: string) => void;
  /** What is sent after all, and what could not be had. */
  opened: (opened: Opened) => void;
  event: (event: EchoTestEvent) => void;
}

/** What runs from start to stop: the sources, and an echo of them. */
export class Run {
  readonly bifrons: Bifrons;
  readonly #connection: Connection;
  readonly #pictures: Pictures;
  readonly #observer: Observer;
  #sources: Partial<Record<Kind, Source>> = {};
  #echo: Echo | undefined;
  /** Whose events count. */
  #handle: EchoTest | undefined;

  constructor(bifrons: Bifrons, connection: Connection, pictures: Pictures, observer: Observer) {
    this.bifrons = bifrons;
    this.#connection = connection;
    this.#pictures = pictures;
    this.#observer = observer;
  }

  /** The echo; undefined while there is none. */
  get echo(): Echo | undefined {
    return this.#echo;
  }

  /** Whether the gateway was reached. */
  get reached(): boolean {
    return this.#handle !== undefined;
  }

  /** Opens the sources and starts an echo of them. If it fails it has to be closed. */
  async start(settings: Settings, signal: AbortSignal): Promise<void> {
    const { audio, video } = settings;
    const asks = [audio, video].some((choice) => deviceId(choice) !== undefined);
    this.#observer.waits(asks ? "Asking for the camera and the microphone…" : "Getting the picture and the sound…");
    const opened = await openSources(this.bifrons, { audio, video }, captureSize(settings), signal);
    this.#sources = opened.sources;
    this.#observer.opened(opened);
    await this.#pictures.show(this.bifrons, this.#sources);
    await this.again(settings, signal);
  }

  /** Starts another echo of the same sources; `resize` captures the picture in another size before. */
  async again(settings: Settings, signal: AbortSignal, resize = false): Promise<void> {
    const before = this.#echo;
    this.#echo = this.#handle = undefined; // what it still says is history
    await before?.close();
    this.#pictures.forget();
    if (resize && settings.video !== "screen") {
      await this.#sources.video?.close(); // a camera has one size at a time
      await this.choose("video", settings.video, settings);
    }
    this.#observer.waits("Connecting to the gateway…");
    const attached = (handle: EchoTest) => {
      this.#handle = handle;
      handle.on("*", (event) => void (this.#handle === handle && this.#observer.event(event)));
    };
    this.#echo = await Echo.start(this.#connection, settings, this.#sources, attached, signal);
  }

  /** Sends something else. What could not be had stays as it was. */
  async choose(kind: Kind, choice: Choice, settings: Settings): Promise<void> {
    const opened = await openSources(this.bifrons, { [kind]: choice }, captureSize(settings));
    const { sources, choices } = opened;
    for (const kind of Object.keys(choices) as Kind[]) {
      const before = this.#sources[kind];
      const source = sources[kind];
      await this.#echo?.replace(kind, source, settings.simulcast);
      if (source) this.#sources[kind] = source;
      else delete this.#sources[kind];
      await before?.close();
    }
    await this.#pictures.show(this.bifrons, this.#sources);
    this.#observer.opened(opened);
  }

  /** The source of a kind. */
  source(kind: Kind): Source | undefined {
    return this.#sources[kind];
  }

  /** Ends everything and lets go of the devices. */
  async close(): Promise<void> {
    const echo = this.#echo;
    this.#echo = this.#handle = undefined;
    await echo?.close();
    await this.#pictures.clear(this.bifrons);
    await Promise.allSettled(Object.values(this.#sources).map((source) => source.close()));
    this.#sources = {};
  }
}
