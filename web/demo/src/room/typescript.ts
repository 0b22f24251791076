import { deviceId } from "../choice.js";
import { quote, typescriptOptions } from "../code.js";
import type { Login } from "../shell/bar.js";
import { typescriptID, videoOf, type Settings } from "./settings.js";

/** Writes the TypeScript program for the settings. */
export function typescriptProgram(login: Login, settings: Settings): string {
  const { room, display, pin, role, simulcast } = settings;
  const sends = role !== "audience";
  const fields = [`room: ${typescriptID(room)}`, `display: ${quote(display)}`, ...(pin ? ['pin: "…"'] : []), "wanted: { all: true }"];
  const sources = simulcast ? `sources.map((source) => ({ source, simulcast: source.kind === "video" }))` : "sources";
  return `// npm install bifrons
//
// In a page it shows everybody in the room.
import { init${sends ? ", type Source" : ""} } from "bifrons";
import { Room } from "bifrons/plugins/videoroom";

const bifrons = await init();
const client = await bifrons.dial(${quote(login.gateway)}${typescriptOptions(login)});
const session = await client.newSession();
const room = await Room.join(session, { ${fields.join(", ")} });
${sends ? `
const sources: Source[] = [];
${opening(settings)}await room.publish({}, { sources: ${sources} });
` : ""}
for await (const event of room) {
  switch (event.kind) {
    case "media.track":
      await event.track.attach(await bifrons.element(video(event.feed)));
      break;
    case "videoroom.left":
      video(event.feed).remove();
      break;
    case "videoroom.talking":
      console.log(event.feed, "talks:", event.talking);
      break;
  }
}

/** The picture of a feed, which is made if need be. */
function video(feed: unknown): HTMLVideoElement {
  const id = \`feed-\${feed}\`;
  const known = document.getElementById(id) as HTMLVideoElement | null;
  if (known) return known;
  const made = Object.assign(document.createElement("video"), { id });
  document.body.append(made);
  return made;
}
`;
}

function opening(settings: Settings): string {
  const [audio, video] = [settings.audio, videoOf(settings)];
  const [audioId, videoId] = [deviceId(audio), deviceId(video)];
  const size = settings.simulcast ? "width: 1280, height: 720" : "width: 640, height: 360";
  const fields = [
    ...(audioId === undefined ? [] : ["audio: true"]),
    ...(audioId ? [`audioId: ${quote(audioId)}`] : []),
    ...(videoId === undefined ? [] : ["video: true", size]),
    ...(videoId ? [`videoId: ${quote(videoId)}`] : []),
  ];
  const push = (call: string) => `sources.push(...(await ${call}).sources);\n`;
  return [
    video === "screen" ? push("bifrons.display()") : "",
    fields.length > 0 ? push(`bifrons.device({ ${fields.join(", ")} })`) : "",
    video === "built-in" ? push(`bifrons.capture("canvas")`) : "",
    audio === "built-in" ? push(`bifrons.capture("audio")`) : "",
  ].join("");
}
