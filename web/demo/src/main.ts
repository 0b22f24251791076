import { config } from "./config.js";
import { EchoPage } from "./page.js";
import { find } from "./elements.js";

const { gateway, native } = await config();
find("span", "native").hidden = !native;
await new EchoPage(gateway || "ws://127.0.0.1:8188/").load();
