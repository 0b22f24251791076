import { deviceId } from "../choice.js";
import { number, quote, typescriptOptions } from "../code.js";
import type { Login } from "../shell/bar.js";
import { captureSize, type Settings } from "./settings.js";

/** Writes the TypeScript program for the settings. */
export function typescriptProgram(login: Login, settings: Settings): string {
  const { simulcast, bitrate } = settings;
  const send = simulcast ? `, { simulcast: source.kind === "video" }` : "";
  const repeat = bitrate > 0 ? `    case "webrtcup":
      await echo.configure({ bitrate: ${number(bitrate)} });
      break;
` : "";
  return `// npm install bifrons
//
// It runs in a page with <video id="remote">.
import { init, EchoTest, type Source } from "bifrons";

const bifrons = await init();
const client = await bifrons.dial(${quote(login.gateway)}${typescriptOptions(login)});
const session = await client.newSession();
const echo = await session.attach(EchoTest);
const peer = await echo.newPeer();

const sources: Source[] = [];
${opening(settings)}for (const source of sources) await peer.add(source${send});

const remote = await bifrons.element("#remote");
await echo.start(${config(settings)}, peer);
for await (const event of echo) {
  switch (event.kind) {
    case "media.track":
      await event.track.attach(remote);
      break;
${repeat}    case "hangup":
      console.log("hung up:", event.reason);
      break;
  }
}
`;
}

function config({ bitrate, simulcast, substream, temporal }: Settings): string {
  const fields = [
    ...(bitrate > 0 ? [`bitrate: ${number(bitrate)}`] : []),
    ...(simulcast ? [`substream: ${substream}`, `temporal: ${temporal}`] : []),
  ];
  return fields.length > 0 ? `{ ${fields.join(", ")} }` : "{}";
}

export function opening(settings: Settings): string {
  const { audio, video } = settings;
  const { width, height } = captureSize(settings);
  const parts: string[] = [];
  const push = (call: string) => parts.push(`sources.push(...(await ${call}).sources);\n`);
  if (video === "screen") push(`bifrons.display({ audio: ${audio === "screen"} })`);
  const [audioId, videoId] = [deviceId(audio), deviceId(video)];
  const fields = [
    ...(audioId === undefined ? [] : ["audio: true"]),
    ...(audioId ? [`audioId: ${quote(audioId)}`] : []),
    ...(videoId === undefined ? [] : ["video: true", `width: ${width}`, `height: ${height}`]),
    ...(videoId ? [`videoId: ${quote(videoId)}`] : []),
  ];
  if (fields.length > 0) push(`bifrons.device({ ${fields.join(", ")} })`);
  if (video === "built-in") push(`bifrons.capture("canvas")`);
  if (audio === "built-in") {
    parts.push(`const context = new AudioContext();
const out = context.createMediaStreamDestination();
const tone = new OscillatorNode(context);
tone.connect(out);
tone.start();
sources.push(await bifrons.external(out.stream.getAudioTracks()[0]!));
`);
  }
  return parts.join("");
}
