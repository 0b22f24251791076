import { dial, type Client, type DialOptions } from "./client.js";
import { JanusError } from "./errors.js";
import type * as gen from "./gen/media.js";
import { parse } from "./json.js";
import { Remote, type CallOptions, type Runtime } from "./runtime.js";
import { ElementSink, Recorder } from "./sink.js";
import { Source, type Captured, type DeviceRequest, type DisplayRequest, type SourceData } from "./source.js";
import type { DeviceInfo } from "./types.js";
import type { Usage } from "./usage.js";

/** Settings of {@link Bifrons.record}. */
export interface RecordOptions extends gen.RecordOptions {
  /** Gets what is written, piece by piece. Default: it is kept for `Recorder.finish`. */
  write?: (chunk: Uint8Array<ArrayBuffer>) => void;
}

/** One running program: `init` returns it. */
export class Bifrons extends Remote {
  readonly #elements = new WeakMap<Element, WeakRef<ElementSink>>();
  /** Those that are being made. */
  readonly #making = new WeakMap<Element, Promise<ElementSink>>();

  /** @internal */
  constructor(runtime: Runtime) {
    super(runtime, 0);
  }

  /** Connects to the gateway at a ws, wss, http or https URL, e.g. "wss://janus.example.org/janus-ws". */
  dial(url: string | URL, options: DialOptions = {}): Promise<Client> {
    return dial(this, "client.dial", String(url), options);
  }

  /**
   * Captures a microphone, a camera or both. Where one cannot be had, the other
   * is still captured; where none can, it fails with a {@link JanusError} of kind
   * "device" whose `fix` tells a beginner what to do.
   */
  device(request: DeviceRequest, options?: CallOptions): Promise<Captured> {
    const { constraints, ...rest } = request;
    return this.#capture("source.device", rest, [constraints], options);
  }

  /** Captures a screen, a window or a tab, and its sound if `audio` is set. A browser wants a click just before. */
  display(request: DisplayRequest = {}, options?: CallOptions): Promise<Captured> {
    const { constraints, ...rest } = request;
    return this.#capture("source.display", { video: true, ...rest }, [constraints], options);
  }

  /** Captures what an element shows: a canvas, a video, an audio element. */
  capture(element: Element | string): Promise<Captured> {
    return this.#capture("source.capture", undefined, [element]);
  }

  /** Plays a media file by its URL. */
  file(url: string | URL, options: CallOptions & { loop?: boolean } = {}): Promise<Captured> {
    const { loop, ...call } = options;
    return this.#capture("source.file", { loop }, [String(url)], call);
  }

  /** Makes a source of a track that something else made and keeps: closing it does not stop the track. */
  async external(track: MediaStreamTrack): Promise<Source> {
    return (await this.#capture("source.external", undefined, [track])).sources[0]!;
  }

  async #capture(op: string, body: object | undefined, values: unknown[], options?: CallOptions): Promise<Captured> {
    const [text, natives] = await this.ask<[string, MediaStreamTrack[]]>(op, body, values, options);
    const { sources, errors } = parse(text) as { sources: SourceData[]; errors: object[] };
    return {
      sources: sources.map((data, i) => this.runtime.adopt(data.ref, () => new Source(this.runtime, data, natives[i]!))),
      errors: errors.map((e) => JanusError.from(e, op)),
    };
  }

  /** Lists the devices there are. With `prompt` it asks the user first, before whose permission a browser tells no labels. */
  devices(options: CallOptions & { prompt?: boolean } = {}): Promise<DeviceInfo[]> {
    const { prompt = false, ...call } = options;
    return this.ask("source.devices", { prompt }, [], call);
  }

  /** Yields the devices, now and each time one was plugged in or out, until the loop is left. */
  async *deviceChanges(options: { signal?: AbortSignal } = {}): AsyncGenerator<DeviceInfo[], void, undefined> {
    let wake = () => {};
    let changed = true;
    const change = () => ((changed = true), wake());
    const { signal } = options;
    navigator.mediaDevices?.addEventListener("devicechange", change);
    signal?.addEventListener("abort", change);
    try {
      for (;;) {
        while (!changed) await new Promise<void>((resolve) => (wake = resolve));
        signal?.throwIfAborted();
        changed = false;
        yield await this.devices({ signal });
      }
    } finally {
      navigator.mediaDevices?.removeEventListener("devicechange", change);
      signal?.removeEventListener("abort", change);
    }
  }

  /** Returns the sink of a `<video>` or `<audio>` element: one for each element, however often it is called. */
  async element(element: Element | string): Promise<ElementSink> {
    const target = typeof element === "string" ? document.querySelector(element) : element;
    if (!target) {
      const message = `no element matches ${JSON.stringify(element)}; check the selector, and that the page has loaded`;
      throw new JanusError({ kind: "argument", op: "element", message });
    }
    const known = this.#elements.get(target)?.deref();
    if (known && known.hold.count > 0) return known;
    const made = this.#making.get(target) ?? this.#sink(target).finally(() => this.#making.delete(target));
    this.#making.set(target, made);
    return made;
  }

  async #sink(target: Element): Promise<ElementSink> {
    const ref = await this.ask<number>("sink.element", undefined, [target]);
    const sink = this.runtime.adopt(ref, () => new ElementSink(this.runtime, ref));
    this.#elements.set(target, new WeakRef(sink));
    return sink;
  }

  /** Starts a recorder, to attach remote tracks to. */
  async record(options: RecordOptions = {}): Promise<Recorder> {
    const parts: Uint8Array<ArrayBuffer>[] = [];
    const { write = (chunk) => void parts.push(chunk), ...settings } = options;
    const ref = await this.ask<number>("sink.record", settings, [write]);
    const recorder = this.runtime.adopt(ref, () => new Recorder(this.runtime, ref));
    recorder.parts = parts;
    return recorder;
  }

  /**
   * Counts what lives in the program. With `collect` it collects the program's
   * garbage first, for which the page stands still for some milliseconds.
   */
  async usage(options: CallOptions & { collect?: boolean } = {}): Promise<Usage> {
    const { collect = false, ...call } = options;
    const usage = await this.ask<Omit<Usage, "memory" | "values">>("usage", undefined, [collect], call);
    return { ...usage, ...this.runtime.held() };
  }
}
