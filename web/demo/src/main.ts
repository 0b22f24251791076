import { echoTab } from "./echo/tab.js";
import { videoRoomTab } from "./room/tab.js";
import { config } from "./shell/config.js";
import { Shell } from "./shell/shell.js";
import { textRoomTab } from "./textroom/tab.js";
import { videoCallTab } from "./videocall/tab.js";

await new Shell(await config(), [echoTab, videoRoomTab, textRoomTab, videoCallTab]).load();
