import type { Bifrons, ID, Source, Track } from "bifrons";
import type { Feed } from "bifrons/plugins/videoroom";
import { find } from "../elements.js";
import { keyOf, type Person } from "./person.js";
import { placeOf, places } from "./roster.js";
import { Tile } from "./tile.js";

/** The narrowest a picture gets, in pixels, before the grid grows beyond the window instead. */
const least = 120;

/** The pictures of the room, as large as they can be next to each other. */
export class Grid {
  readonly #place = find("div", "room-grid");
  readonly #nobody = find("p", "room-nobody");
  readonly #tiles = new Map<string, Tile>();
  /** The tiles that were taken away. */
  readonly #gone = new Set<string>();
  readonly #again: (id: ID) => void;

  /**
   * `again` is told whose tile is there again: with a gateway that was restarted somebody
   * sends nothing for a moment, and then the same tracks as before.
   */
  constructor(again: (id: ID) => void) {
    this.#again = again;
    new ResizeObserver(() => this.#arrange()).observe(this.#place);
    addEventListener("resize", () => this.#arrange());
  }

  /** Shows who is there: those who send, and us. Others stand in the list alone. */
  update(people: readonly Person[], feeds: readonly Feed[]): void {
    const shown = new Set<string>();
    for (const person of people) {
      if (!person.publishes && !person.own) continue;
      const feed = feeds.find(({ id }) => id === person.id);
      const sent = feed ? places(feed) : [0, ...(person.shares ? [1] : [])];
      for (const place of sent) {
        const tile = this.#tile(person.id, place, person.own);
        tile.update(person, place, !(person.hidden && place === 0));
        shown.add(tile.element.dataset["tile"]!);
      }
    }
    for (const [key, tile] of this.#tiles) {
      if (shown.has(key)) continue;
      tile.element.remove();
      this.#tiles.delete(key);
      if (this.#gone.size > 1000) this.#gone.clear(); // a room may live for long
      this.#gone.add(key);
    }
    this.#nobody.hidden = this.#tiles.size > 0;
    this.#arrange();
  }

  #tile(id: ID, place: number, own: boolean): Tile {
    const key = `${keyOf(id)} ${place}`;
    const known = this.#tiles.get(key);
    if (known) return known;
    const tile = new Tile(key, own);
    this.#tiles.set(key, tile);
    this.#place.append(tile.element);
    if (this.#gone.delete(key) && !own) this.#again(id);
    return tile;
  }

  /** Plays a track of a feed. */
  async play(bifrons: Bifrons, feed: Feed, feedMid: string, track: Track): Promise<void> {
    await this.#tile(feed.id, placeOf(feed, feedMid), false).play(bifrons, track);
  }

  /** Shows what we send ourselves. */
  async show(bifrons: Bifrons, self: ID, place: number, source: Source | undefined): Promise<void> {
    await this.#tile(self, place, true).show(bifrons, source);
  }

  /** Chooses the number of columns with which everything fits into the window, and the pictures are largest. */
  #arrange(): void {
    const width = this.#place.clientWidth;
    const height = Math.max(240, 0.7 * innerHeight);
    const count = Math.max(1, this.#tiles.size);
    let columns = 1;
    while (columns < count && Math.ceil(count / columns) * (width / columns) * (9 / 16) > height && width / (columns + 1) >= least) columns++;
    const wanted = String(columns);
    if (this.#place.style.getPropertyValue("--columns") !== wanted) this.#place.style.setProperty("--columns", wanted);
  }
}
