import { JanusError, type Bifrons, type Kind, type Resolution, type Source } from "bifrons";
import { clock, tone } from "./builtin.js";
import { deviceId, type Choice, type Want } from "./choice.js";

/** What was opened for each kind, and where it comes from after all. */
export interface Opened {
  sources: Partial<Record<Kind, Source>>;
  choices: Partial<Record<Kind, Choice>>;
  missing: Missing[];
}

/** What could not be had, and why; something else stands in for it. */
export interface Missing {
  error: JanusError;
  kinds: Kind[];
}

/**
 * Opens what was chosen. Where there is no such device, or it may not be used,
 * the picture and the sound that the page makes take its place.
 */
export async function openSources(bifrons: Bifrons, want: Want, size: Resolution, signal?: AbortSignal): Promise<Opened> {
  const opened: Opened = { sources: {}, choices: {}, missing: [] };
  try {
    if (want.video === "screen") await screen(bifrons, opened);
    await devices(bifrons, want, size, opened, signal);
    for (const kind of ["video", "audio"] as const) {
      const choice = want[kind];
      if (choice === undefined || opened.sources[kind]) continue;
      opened.choices[kind] = choice;
      if (choice === "none") continue;
      opened.choices[kind] = "built-in";
      opened.sources[kind] = await (kind === "video" ? clock(bifrons, size) : tone(bifrons));
    }
    signal?.throwIfAborted();
    return opened;
  } catch (error) {
    await Promise.allSettled(Object.values(opened.sources).map((source) => source.close()));
    throw error;
  }
}

async function screen(bifrons: Bifrons, opened: Opened): Promise<void> {
  // Not every screen has a sound to give: that is no error worth a word.
  const { sources } = await bifrons.display({ audio: true });
  for (const source of sources) keep(opened, source, "screen");
}

/** One request for both, so that they stay in sync and the user is asked once. */
async function devices(bifrons: Bifrons, want: Want, size: Resolution, opened: Opened, signal?: AbortSignal): Promise<void> {
  const id = (kind: Kind) => (want[kind] === undefined || opened.sources[kind] ? undefined : deviceId(want[kind]));
  const [audioId, videoId] = [id("audio"), id("video")];
  if (audioId === undefined && videoId === undefined) return;
  const request = {
    ...(audioId !== undefined && { audio: true, audioId }),
    ...(videoId !== undefined && { video: true, videoId, ...size }),
  };
  try {
    const { sources, errors } = await bifrons.device(request, { signal });
    for (const source of sources) keep(opened, source, want[source.kind]!);
    opened.missing.push(...errors.map((error) => ({ error, kinds: error.device ? [error.device] : [] })));
  } catch (error) {
    const missing = error instanceof JanusError && ["device", "unsupported", "media"].includes(error.kind);
    if (!missing) throw error;
    const kinds = [...(audioId !== undefined ? (["audio"] as const) : []), ...(videoId !== undefined ? (["video"] as const) : [])];
    opened.missing.push({ error, kinds });
  }
}

function keep(opened: Opened, source: Source, choice: Choice): void {
  opened.sources[source.kind] = source;
  opened.choices[source.kind] = choice;
}
