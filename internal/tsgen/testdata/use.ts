// What a page does with the types that are written.
import { Codes, Level, Plugin, type Band, type Event, type ID, type Options, type Reading, type Station } from "./radio.js";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function yes<_ extends true>(): void {}

yes<Same<ID, number | bigint | string>>();
yes<Same<Band, "fm" | "am">>();
yes<Same<Reading["side"], "left" | "right">>();
yes<Same<Reading["level"], -1 | 1>>();
yes<Same<Reading["err"], Error | undefined>>();
yes<Same<Station["programme"], { name: string }[] | null> extends boolean ? true : false>();
yes<Same<typeof Plugin, "janus.plugin.radio">>();
yes<Same<typeof Codes.ErrTube, 501>>();
yes<Same<typeof Level.High, 1>>();
yes<Same<Event["kind"], "radio.in_tune" | "radio.signal_lost" | "radio.jsep" | "radio.error">>();

export const nothing: Options = {};
export const some: Options = { streamId: "a", servers: [{}], timeout: 1000 };

export function handle(ev: Event): number | undefined {
  switch (ev.kind) {
    case "radio.signal_lost":
      return ev.seconds + ev.session;
    case "radio.in_tune":
      return ev.station.metres;
    case "radio.error":
      return ev.err?.message.length;
    case "radio.jsep":
      return ev.inner?.sdp.length;
  }
}

// @ts-expect-error: a message's field without omitempty is needed
export const incomplete: Station = { id: 1 };
// @ts-expect-error: durations are numbers
export const wrong: Options = { timeout: "1s" };
