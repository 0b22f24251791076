import { resolutions, type Resolution } from "bifrons";
import type { Choice } from "../choice.js";

/** The size of pictures to capture: browsers send all three sizes of simulcast of large ones only. */
export function captureSize({ simulcast }: Settings): Resolution {
  return simulcast ? resolutions.hires : resolutions["stdres-16:9"];
}

/** Everything the user can set. */
export interface Settings {
  video: Choice;
  audio: Choice;
  /** What the gateway asks for at most, in bits per second; 0: it does not. */
  bitrate: number;
  simulcast: boolean;
  /** The simulcast layer that comes back, from 0 to 2. */
  substream: number;
  temporal: number;
}

/** The positions of the bitrate slider, in bits per second. The last one is no limit. */
export const bitrates = [64_000, 128_000, 256_000, 512_000, 1_000_000, 1_500_000, 2_000_000, 3_000_000, 0] as const;

export function defaults(): Settings {
  return {
    video: "device:",
    audio: "device:",
    bitrate: 0,
    simulcast: false,
    substream: 2,
    temporal: 2,
  };
}
