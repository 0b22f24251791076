// What the types promise, and what they refuse. It is compiled, never run.
import { Chat, Client, Code, EchoTest, Handle, init, JanusError, Peer, Session, TextRoom, Track, VideoCall, type ID, type JSEP } from "bifrons";
import { Codes } from "bifrons/plugins/echotest";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>) => {};

const program = await init({ wasmUrl: new URL("/x.wasm", location.href), signal: AbortSignal.timeout(1) });
const client = await program.dial("ws://localhost", { requestTimeout: 1000, keepAlive: -1, timeoutMs: 5 });
same<typeof client, Client>(true);
const session: Session = await client.newSession();

const echo = await session.attach(EchoTest, { opaqueId: "me" });
same<typeof echo, EchoTest>(true);
const any = await session.attach("janus.plugin.sip");
same<typeof any, Handle>(true);

echo.on("media.track", ({ track }) => same<typeof track, Track>(true));
echo.on("echotest.layer_changed", ({ substream }) => same<typeof substream, number | undefined>(true));
echo.on("hangup", ({ reason }) => same<typeof reason, string>(true));
echo.on("interrupted", ({ err }) => same<typeof err, JanusError>(true));
// @ts-expect-error an event that does not exist
echo.on("hungup", () => {});
// @ts-expect-error the events of a plugin are on its own handle only
any.on("echotest.done", () => {});

for await (const event of echo) {
  if (event.kind === "event") same<typeof event.data, unknown>(true);
  // @ts-expect-error only some events have a track
  void event.track;
}

const peer: Peer = await echo.newPeer({ iceServers: [{ urls: ["stun:x"] }], relayOnly: false });
await echo.start({ audio: true, bitrate: 1 }, peer, { signal: AbortSignal.timeout(5), timeoutMs: 5 });
// @ts-expect-error a misspelt setting
await echo.start({ bitrat: 1 }, peer);
// @ts-expect-error nothing but a peer negotiates
await echo.start({}, session);
// @ts-expect-error the program makes its objects itself
new Peer(echo, 1);

const text = await session.attach(TextRoom);
const chat: Chat = await text.open({ peer, timeoutMs: 5 });
const others = await chat.join({ room: 1n, username: "ann", history: false });
same<(typeof others)[number]["display"], string | undefined>(true);
// @ts-expect-error a message needs its room
await chat.message({ text: "hi" });
const made = await text.rooms.create({ description: "new" });
same<typeof made.room, ID>(true);
for await (const event of chat) {
  switch (event.kind) {
    case "textroom.message":
      same<typeof event.whisper, boolean>(true);
      break;
    case "textroom.rejoined":
      same<typeof event.err, JanusError | undefined>(true);
      break;
    case "textroom.error":
      same<typeof event.err, JanusError>(true);
      break;
    // @ts-expect-error another plugin's event
    case "videocall.incoming":
  }
}

const call = await session.attach(VideoCall);
await call.call("bob", await call.newPeer(), { timeoutMs: 5 });
call.on("videocall.incoming", (event) => void call.accept(event, peer));
call.on("videocall.accepted", ({ err, jsep }) => same<[typeof err, typeof jsep], [JanusError | undefined, JSEP]>(true));
// @ts-expect-error the event says who calls, a name does not
await call.accept("bob", peer);
await call.end({ reason: "enough" });

const { data } = await any.request<{ list: ID[] }>({ request: "list" });
same<typeof data.list, (number | bigint | string)[]>(true);
same<Awaited<typeof client.closed>, JanusError | undefined>(true);
for await (const { phase, next, cause } of client.states({ signal: AbortSignal.timeout(5) })) {
  same<typeof phase, "connecting" | "open" | "reconnecting" | "closed">(true);
  same<[typeof next, typeof cause], [number, JanusError | undefined]>(true);
}
await client.move("wss://localhost", { timeoutMs: 5 });
text.on("textroom.ghost", ({ as, takenOver }) => same<[typeof as, typeof takenOver], [string, boolean]>(true));
call.on("videocall.resynced", ({ over, err }) => same<[typeof over, typeof err], [boolean, JanusError | undefined]>(true));

const codes: number[] = [Code.PluginNotFound, Codes.ErrInvalidElement];
const error = new JanusError({ kind: "argument", message: "no" });
if (error.kind === "gateway" && codes.includes(error.code)) console.log(error.retryable, error.fix?.length);

{
  await using temporary = await program.dial("ws://localhost");
  await temporary.ping();
}
