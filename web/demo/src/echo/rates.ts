import type { Stats, StreamStats } from "bifrons";
import { loudness } from "../loudness.js";

/** What happens within a second. */
export interface Rates {
  /** Bits a second. */
  sentBitrate: number;
  receivedBitrate: number;
  /** Milliseconds. */
  rtt: number;
  /** Shares of the packets, 0 to 1. */
  sentLoss: number;
  receivedLoss: number;
  /** Pictures a second. */
  sentFrames: number;
  receivedFrames: number;
  /** Of the sound that comes back, 0 to 1. */
  level: number;
  /** What is sent and what comes back, for people, such as "640 × 480, VP8". */
  sentPicture: string;
  receivedPicture: string;
}

/** Compares two snapshots. Counters that fell belong to another connection, and count for nothing. */
export function ratesBetween(before: Stats, now: Stats): Rates {
  const seconds = Math.max((now.time - before.time) / 1000, 0.001);
  const growth = (a: number, b: number) => Math.max(b - a, 0);
  const received = total(now, false);
  const old = total(before, false);
  const lost = growth(old.lost, received.lost);
  const packets = growth(old.packets, received.packets);
  const sent = now.streams.filter((s) => s.sent);
  return {
    sentBitrate: (8 * growth(before.bytesSent, now.bytesSent)) / seconds,
    receivedBitrate: (8 * growth(before.bytesReceived, now.bytesReceived)) / seconds,
    rtt: now.rtt,
    sentLoss: Math.max(0, ...sent.map((s) => s.fractionLost)),
    receivedLoss: lost + packets > 0 ? lost / (lost + packets) : 0,
    sentFrames: Math.max(0, ...pictures(now, true).map((s) => s.frameRate)),
    receivedFrames: Math.max(0, ...pictures(now, false).map((s) => s.frameRate)),
    level: Math.max(0, ...sounds(now).map((s) => loudness(s, sounds(before).find(({ mid }) => mid === s.mid)))),
    sentPicture: picture(pictures(now, true)),
    receivedPicture: picture(pictures(now, false)),
  };
}

function sounds(stats: Stats): StreamStats[] {
  return stats.streams.filter((s) => s.kind === "audio" && !s.sent);
}

function total(stats: Stats, sent: boolean): { lost: number; packets: number } {
  const sum = { lost: 0, packets: 0 };
  for (const s of stats.streams) {
    if (s.sent !== sent) continue;
    sum.lost += s.lost;
    sum.packets += s.packets;
  }
  return sum;
}

function pictures(stats: Stats, sent: boolean): StreamStats[] {
  return stats.streams.filter((s) => s.kind === "video" && s.sent === sent);
}

function picture(streams: StreamStats[]): string {
  const largest = streams.reduce<StreamStats | undefined>((a, b) => (a && a.width >= b.width ? a : b), undefined);
  if (!largest || largest.width === 0) return "";
  const layers = streams.filter((s) => s.rid && s.frameRate > 0).length;
  const codec = largest.codec.replace(/^video\//, "");
  return `${largest.width} × ${largest.height}, ${codec}${layers > 1 ? `, ${layers} sizes` : ""}`;
}
