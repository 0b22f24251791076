import type { Bifrons, ElementSink, Source, Track } from "bifrons";
import { find } from "../elements.js";

/** The two pictures. */
export class Faces {
  readonly #local = find("video", "call-local");
  readonly #remote = find("video", "call-remote");
  readonly #facts = find("p", "call-facts");
  readonly #whom = find("h2", "call-whom");
  /** Kept, because who asks for a sink again after losing it gets another one. */
  #sinks: ElementSink[] = [];

  constructor() {
    for (const video of [this.#local, this.#remote]) video.addEventListener("loadeddata", () => mark(video));
    this.#remote.addEventListener("resize", () => {
      const { videoWidth, videoHeight } = this.#remote;
      this.#facts.textContent = videoWidth ? `${videoWidth} × ${videoHeight}` : "";
    });
  }

  /** Shows what we send, and whom the other picture will be of. */
  async begin(bifrons: Bifrons, whom: string, video: Source | undefined): Promise<void> {
    this.#whom.textContent = whom;
    const local = await this.#sink(bifrons, this.#local);
    await local.show(video);
  }

  /** Plays what they send. */
  async play(bifrons: Bifrons, track: Track): Promise<void> {
    await track.attach(await this.#sink(bifrons, this.#remote));
  }

  async #sink(bifrons: Bifrons, video: HTMLVideoElement): Promise<ElementSink> {
    const sink = await bifrons.element(video);
    if (!this.#sinks.includes(sink)) this.#sinks.push(sink);
    return sink;
  }

  /** The call is over. */
  async clear(): Promise<void> {
    const sinks = this.#sinks;
    this.#sinks = [];
    await Promise.allSettled(sinks.map((sink) => sink.close()));
    for (const video of [this.#local, this.#remote]) {
      video.srcObject = null;
      mark(video);
    }
    this.#whom.textContent = "The other side";
    this.#facts.textContent = "";
  }
}

/** The words that stand for a picture make way for it. */
function mark(video: HTMLVideoElement): void {
  video.closest(".face")!.toggleAttribute("data-live", video.srcObject !== null && video.readyState >= video.HAVE_CURRENT_DATA);
}
