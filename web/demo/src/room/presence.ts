import type { Bifrons, ID, Kind, Track } from "bifrons";
import type { RoomEvent } from "bifrons/plugins/videoroom";
import type { Log } from "../shell/log.js";
import { describeRoom } from "./describe.js";
import { Grid } from "./grid.js";
import { PeopleList } from "./list.js";
import type { Sources } from "./outgoing.js";
import { keyOf } from "./person.js";
import { Roster } from "./roster.js";
import type { Stay } from "./stay.js";

/** A stay, and what is known of the others meanwhile. */
interface Now {
  readonly bifrons: Bifrons;
  readonly stay: Stay;
  readonly roster: Roster;
  readonly timer: ReturnType<typeof setInterval>;
}

/** Shows who is in the room: their pictures, and the list of them. */
export class Presence {
  readonly #failed: (error: unknown) => void;
  /** Whose tracks are to be played again. */
  readonly #again = new Set<ID>();
  readonly #grid = new Grid((id) => this.#again.add(id));
  readonly #list: PeopleList;
  readonly #log: Log;
  /** Who was here, for the words about those who have gone. */
  readonly #names = new Map<string, string>();
  #now: Now | undefined;

  /** `failed` is told what went wrong with a wish about somebody. */
  constructor(log: Log, failed: (error: unknown) => void) {
    this.#log = log;
    this.#failed = failed;
    this.#list = new PeopleList({
      layer: (id, substream) =>
        this.#do(async ({ stay, roster }) => {
          roster.wanted(id, substream);
          await stay.room.tune(id, { substream });
        }),
      pause: (id, paused) =>
        this.#do(async ({ stay, roster }) => {
          await stay.room.tune(id, { send: !paused });
          roster.paused(id, paused);
        }),
      moderate: (id, kind, muted) => this.#do(({ stay }) => this.#moderate(stay, id, kind, muted)),
      kick: (id) => this.#do(({ stay }) => stay.room.kick(id, { timeoutMs: 10_000 })),
    });
  }

  #do(f: (now: Now) => Promise<void>): void {
    const now = this.#now;
    if (!now) return;
    f(now)
      .catch(this.#failed)
      .finally(() => this.render());
  }

  async #moderate(stay: Stay, id: ID, kind: Kind, muted: boolean): Promise<void> {
    const streams = stay.room.feeds.find((feed) => feed.id === id)?.streams ?? [];
    for (const { type, mid, disabled } of streams) {
      if (type === kind && !disabled) await stay.room.moderate(id, mid, muted, { timeoutMs: 10_000 });
    }
  }

  /** Shows a room from now on, and what we send to it. */
  async begin(bifrons: Bifrons, stay: Stay, sources: Readonly<Sources>): Promise<void> {
    const roster = new Roster(stay);
    const look = async () => {
      const receiver = await stay.room.receiver();
      if (receiver) roster.hear(await receiver.stats({ timeoutMs: 900 }));
      if (this.#now?.stay !== stay) return;
      this.render();
      this.#replay(this.#now);
    };
    // One that fails belongs to a connection that closes at this moment.
    this.#now = { bifrons, stay, roster, timer: setInterval(() => look().catch(() => {}), 1000) };
    this.render();
    await this.own(sources);
  }

  /** Shows what we send. */
  async own({ video, screen }: Readonly<Sources>): Promise<void> {
    const now = this.#now;
    if (!now) return;
    const { self } = now.stay.room;
    await this.#grid.show(now.bifrons, self, 0, video);
    if (screen) await this.#grid.show(now.bifrons, self, 1, screen);
  }

  /** Shows what an event says. */
  learn(event: RoomEvent): void {
    const now = this.#now;
    if (!now) return;
    const { speaker, text, ...more } = describeRoom(event, (id) => this.#name(id));
    this.#log.add(speaker, text, more);
    now.roster.learn(event);
    this.render();
    if (event.kind !== "media.track") return this.#replay(now);
    if (event.feed !== undefined) this.#again.delete(event.feed); // what it had before is over
    this.#play(now, event.track).catch(this.#failed);
  }

  async #play({ bifrons, stay }: Now, track: Track): Promise<void> {
    const stream = stay.room.stream(track.mid);
    const feed = stay.room.feeds.find(({ id }) => id === stream?.feed_id);
    if (feed && stream?.feed_mid !== undefined) await this.#grid.play(bifrons, feed, stream.feed_mid, track);
  }

  /** Plays what is there again on its new tile, as soon as it is received again. */
  #replay(now: Now): void {
    for (const id of this.#again) {
      const tracks = now.stay.room.tracks(id);
      if (tracks.length > 0 || !now.stay.room.feeds.some((feed) => feed.id === id)) this.#again.delete(id);
      for (const track of tracks) this.#play(now, track).catch(this.#failed);
    }
  }

  #name(id: ID | undefined): string {
    return (id !== undefined && this.#names.get(keyOf(id))) || "Somebody";
  }

  /** Shows everything as it is. */
  render(): void {
    const people = this.#now?.roster.people() ?? [];
    if (this.#names.size > 1000) this.#names.clear(); // a room may live for long
    for (const { id, name } of people) this.#names.set(keyOf(id), name);
    this.#grid.update(people, this.#now?.stay.room.feeds ?? []);
    this.#list.update(people, Boolean(this.#now?.stay.entry.secret));
  }

  /** Shows nobody any more. */
  async end(): Promise<void> {
    const now = this.#now;
    if (!now) return;
    clearInterval(now.timer);
    await this.own({}).catch(() => {}); // the program may have ended
    this.#now = undefined;
    this.#names.clear();
    this.#again.clear();
    this.render();
  }
}
