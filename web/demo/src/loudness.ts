import type { StreamStats } from "bifrons";

/** How loud a sound was between two looks, 0 to 1. What it is at one moment can miss every word. */
export function loudness(now: StreamStats, before?: StreamStats): number {
  const energy = now.audioEnergy - (before?.audioEnergy ?? 0);
  const duration = now.audioDuration - (before?.audioDuration ?? 0);
  return energy > 0 && duration > 0 ? Math.sqrt((energy * 1000) / duration) : 0;
}
