import type { Bifrons, ElementSink, Kind, Source, Track } from "bifrons";
import { find } from "../elements.js";

/** The two videos. */
export class Pictures {
  readonly local = find("video", "local");
  readonly remote = find("video", "remote");
  #tracks: Track[] = [];
  /** Kept, because who asks for a sink again after losing it gets another one. */
  #sinks: { bifrons: Bifrons; local: ElementSink; remote: ElementSink } | undefined;

  constructor() {
    for (const video of [this.local, this.remote]) video.addEventListener("loadeddata", () => this.#mark(video));
  }

  /** The tracks that come back. */
  get tracks(): readonly Track[] {
    return this.#tracks;
  }

  /** The sink of what comes back. */
  async sink(bifrons: Bifrons): Promise<ElementSink> {
    return (await this.#both(bifrons)).remote;
  }

  async #both(bifrons: Bifrons): Promise<{ local: ElementSink; remote: ElementSink }> {
    if (this.#sinks?.bifrons !== bifrons) {
      this.#sinks = { bifrons, local: await bifrons.element(this.local), remote: await bifrons.element(this.remote) };
    }
    return this.#sinks;
  }

  /** Lets the sound be heard. A browser does not decode what nobody hears, and knows no level of it. */
  async listen(bifrons: Bifrons, on: boolean): Promise<void> {
    await (await this.sink(bifrons)).setMuted(!on);
    find("meter", "level").hidden = !on;
  }

  /** Shows what is sent. */
  async show(bifrons: Bifrons, sources: Partial<Record<Kind, Source>>): Promise<void> {
    const { local } = await this.#both(bifrons);
    await local.show();
    if (sources.video) await local.show(sources.video);
    this.#mark(this.local);
  }

  /** Plays a track that comes back. */
  async play(bifrons: Bifrons, track: Track): Promise<void> {
    this.#tracks.push(track);
    await track.attach(await this.sink(bifrons));
  }

  ended(track: Track): void {
    this.#tracks = this.#tracks.filter((other) => other !== track);
  }

  /** Forgets the tracks of an echo that is over. */
  forget(): void {
    this.#tracks = [];
  }

  async clear(bifrons: Bifrons): Promise<void> {
    this.forget();
    await this.show(bifrons, {});
    this.remote.srcObject = null;
    this.#mark(this.remote);
  }

  /** The words that stand for a picture make way for it. */
  #mark(video: HTMLVideoElement): void {
    video.closest(".face")!.toggleAttribute("data-live", video.srcObject !== null && video.readyState >= video.HAVE_CURRENT_DATA);
  }
}
