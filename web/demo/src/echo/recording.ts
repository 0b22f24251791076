import type { Bifrons, ElementSink, Recorder, Track } from "bifrons";

/**
 * A recording of what comes back. A track goes to one sink, and while that is
 * the recorder, the element shows the browser's own tracks.
 */
export class Recording {
  readonly #recorder: Recorder;
  readonly #tracks: Track[];

  private constructor(recorder: Recorder, tracks: Track[]) {
    this.#recorder = recorder;
    this.#tracks = tracks;
  }

  static async start(bifrons: Bifrons, tracks: Track[], video: HTMLVideoElement): Promise<Recording> {
    const natives = await Promise.all(tracks.map((track) => track.native()));
    const recorder = await bifrons.record();
    for (const track of tracks) await track.attach(recorder);
    video.srcObject = new MediaStream(natives);
    return new Recording(recorder, tracks);
  }

  /** Ends the recording and has the browser save it. */
  async finish(sink: ElementSink): Promise<string> {
    const blob = await this.#recorder.finish();
    for (const track of this.#tracks) await track.attach(sink).catch(() => {}); // it may have ended
    const name = `echo-${new Date().toISOString().slice(0, 19).replace(/[T:]/g, "-")}.webm`;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the download has begun by then
    return `${name}, ${Math.ceil(blob.size / 1000)} kB`;
  }
}
