import type { Bifrons, ElementSink, Source, Track } from "bifrons";
import { icon, make } from "../elements.js";
import type { Person } from "./person.js";

/** One picture of the grid, with the sound that belongs to it. */
export class Tile {
  readonly element: HTMLElement;
  readonly #video = make("video", "");
  readonly #letter = make("p", "letter");
  readonly #name = make("b", "");
  readonly #facts = make("span", "facts");
  readonly #marks: Record<"muted" | "pause", SVGSVGElement> = { muted: icon("muted"), pause: icon("pause") };
  /** Kept, because who asks for a sink again after losing it gets another one. */
  #sink: ElementSink | undefined;
  #shows = false;
  /** The m-line of the picture, where it comes from the gateway. */
  mid = "";

  /** `name` is for tests and for the eye of the one who inspects the page. */
  constructor(name: string, own: boolean) {
    Object.assign(this.#video, { playsInline: true, autoplay: true, muted: own });
    this.#letter.setAttribute("aria-hidden", "true");
    this.#facts.setAttribute("aria-hidden", "true");
    const caption = make("figcaption", "", ...Object.values(this.#marks), this.#name, this.#facts);
    this.element = make("figure", own ? "tile own" : "tile", this.#video, this.#letter, caption);
    this.element.dataset["tile"] = name;
    for (const event of ["loadeddata", "emptied", "resize"]) this.#video.addEventListener(event, () => this.#mark());
  }

  /** Where a track goes that is to be seen or heard here. */
  async sink(bifrons: Bifrons): Promise<ElementSink> {
    return (this.#sink ??= await bifrons.element(this.#video));
  }

  async play(bifrons: Bifrons, track: Track): Promise<void> {
    if (track.kind === "video") this.mid = track.mid;
    await track.attach(await this.sink(bifrons));
  }

  /** Shows what we send ourselves. */
  async show(bifrons: Bifrons, source: Source | undefined): Promise<void> {
    const sink = await this.sink(bifrons);
    await sink.show();
    if (source) await sink.show(source);
    this.#mark();
  }

  /** Shows the state of a person; `picture`: this place is to have one. */
  update(person: Person, place: number, picture: boolean): void {
    const name = person.own ? `${person.name} (you)` : person.name;
    const title = place === 0 ? name : `${name}, screen`;
    if (this.#name.textContent !== title) {
      this.#name.textContent = title;
      this.#letter.textContent = [...person.name][0]?.toUpperCase() ?? "";
      this.#video.setAttribute("aria-label", place === 0 ? `Picture of ${name}` : `Screen of ${name}`);
    }
    const { element } = this;
    element.toggleAttribute("data-talking", person.talking && !person.muted && place === 0);
    element.toggleAttribute("data-muted", person.muted && person.publishes && place === 0);
    element.toggleAttribute("data-paused", person.paused);
    this.#shows = picture;
    this.#mark();
  }

  /** Says how large the picture is. */
  measure(): void {
    const { videoWidth, videoHeight } = this.#video;
    this.#facts.textContent = this.element.hasAttribute("data-live") && videoWidth > 0 ? `${videoWidth} × ${videoHeight}` : "";
  }

  /** The letter makes way for a picture. */
  #mark(): void {
    const video = this.#video;
    const live = this.#shows && video.srcObject !== null && video.videoWidth > 0 && video.readyState >= video.HAVE_CURRENT_DATA;
    this.element.toggleAttribute("data-live", live);
    this.measure();
  }
}
