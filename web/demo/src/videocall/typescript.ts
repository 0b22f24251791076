import { quote, typescriptOptions } from "../code.js";
import { defaults } from "../echo/settings.js";
import { opening } from "../echo/typescript.js";
import type { Login } from "../shell/bar.js";
import type { Settings } from "./settings.js";

/** Writes the TypeScript program for the settings. */
export function typescriptProgram(login: Login, { name, whom, video, audio }: Settings): string {
  return `// npm install bifrons
//
// It runs in a page with <video id="remote">.
import { init, VideoCall, type Source } from "bifrons";

const bifrons = await init();
const client = await bifrons.dial(${quote(login.gateway)}${typescriptOptions(login)});
const session = await client.newSession();
const user = await session.attach(VideoCall);
await user.register(${quote(name)});

const sources: Source[] = [];
${opening({ ...defaults(), video, audio })}const remote = await bifrons.element("#remote");
async function newPeer() {
  const peer = await user.newPeer();
  for (const source of sources) await peer.add(source);
  return peer;
}

${whom ? `await user.call(${quote(whom)}, await newPeer());\n` : ""}for await (const event of user) {
  switch (event.kind) {
    case "videocall.incoming":
      await user.accept(event, await newPeer()); // or user.decline()
      break;
    case "media.track":
      await event.track.attach(remote);
      break;
    case "videocall.ended":
      console.log(event.username, event.reason);
      break;
  }
}
`;
}
