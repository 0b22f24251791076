import { quote, typescriptOptions } from "../code.js";
import type { Login } from "../shell/bar.js";
import type { Settings } from "./settings.js";

/** Writes the TypeScript program for the settings. */
export function typescriptProgram(login: Login, { name, room, pin, to }: Settings): string {
  const id = typeof room === "string" ? quote(room) : typeof room === "bigint" ? `${room}n` : String(room);
  return `// npm install bifrons
import { init, TextRoom } from "bifrons";

const bifrons = await init();
const client = await bifrons.dial(${quote(login.gateway)}${typescriptOptions(login)});
const session = await client.newSession();
const text = await session.attach(TextRoom);
const chat = await text.open();

const room = ${id};
const others = await chat.join({ room, username: ${quote(name)}${pin ? ', pin: "…"' : ""} });
await chat.message({ room, text: \`Hello, \${others.length} others!\`${to ? `, to: ${quote(to)}` : ""} });
for await (const event of chat) {
  switch (event.kind) {
    case "textroom.message":
      console.log(new Date(event.date), event.from, event.text);
      break;
    case "textroom.joined":
      console.log(event.username, "is here");
      break;
    case "textroom.left":
      console.log(event.username, "left");
      break;
    case "hangup":
      await text.open(); // and the room is joined again
      break;
  }
}
`;
}
