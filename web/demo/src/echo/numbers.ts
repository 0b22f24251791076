import type { Peer, Stats } from "bifrons";
import { Chart } from "./chart.js";
import { bits } from "../describe.js";
import { find } from "../elements.js";
import { ratesBetween, type Rates } from "./rates.js";

const both = ["sent", "received"] as const;
const percent = (share: number) => `${(100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)} %`;
const ms = (value: number) => (value < 1 ? "<1 ms" : `${value.toFixed(value < 10 ? 1 : 0)} ms`);
const perSecond = (frames: number) => `${Math.round(frames)}`;

/** The live numbers: four charts, the words below them, and what stands under the pictures. */
export class Numbers {
  readonly #bitrate = new Chart({ title: "Bits a second", say: bits, least: 90_000, faces: both });
  readonly #rtt = new Chart({ title: "Round trip", say: ms, least: 4, faces: ["received"] });
  readonly #loss = new Chart({ title: "Packets lost", say: percent, least: 0.04, faces: both });
  readonly #frames = new Chart({ title: "Pictures a second", say: perSecond, least: 18, faces: both });
  readonly #summary = find("p", "summary");
  readonly #sent = find("p", "local-facts");
  readonly #received = find("p", "remote-facts");
  readonly #level = find("meter", "level");
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor() {
    const charts = [this.#bitrate, this.#rtt, this.#loss, this.#frames];
    find("div", "charts").append(...charts.map((chart) => chart.element));
  }

  /** Shows the numbers of a peer connection, once a second, until `stop`. */
  start(peer: Peer): void {
    this.stop();
    for (const chart of [this.#bitrate, this.#rtt, this.#loss, this.#frames]) chart.clear();
    let before: Stats | undefined;
    const look = async () => {
      const now = await peer.stats({ timeoutMs: 900 });
      if (before && now.time > before.time) this.#show(ratesBetween(before, now));
      before = now;
    };
    // One that fails belongs to a connection that closes at this moment.
    this.#timer = setInterval(() => look().catch(() => {}), 1000);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#sent.textContent = this.#received.textContent = "";
    this.#level.value = 0;
    this.#summary.textContent = "Nothing is sent at the moment.";
  }

  #show(rates: Rates): void {
    this.#bitrate.push(rates.sentBitrate, rates.receivedBitrate);
    this.#rtt.push(rates.rtt);
    this.#loss.push(rates.sentLoss, rates.receivedLoss);
    this.#frames.push(rates.sentFrames, rates.receivedFrames);
    this.#sent.textContent = rates.sentPicture;
    this.#received.textContent = rates.receivedPicture;
    this.#level.value = rates.level;
    this.#summary.textContent =
      `${bits(rates.sentBitrate)} go out and ${bits(rates.receivedBitrate)} come back. The round trip takes ${ms(rates.rtt).replace("<", "less than ")}. ` +
      `${percent(rates.sentLoss)} is lost on the way there, ${percent(rates.receivedLoss)} on the way back. ` +
      `${perSecond(rates.sentFrames)} pictures a second go out, ${perSecond(rates.receivedFrames)} come back.`;
  }
}
