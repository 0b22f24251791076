// What the types promise, and what they refuse. It is compiled, never run.
import { Client, Code, EchoTest, Handle, init, JanusError, Peer, Session, Track, type ID } from "bifrons";
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

const { data } = await any.request<{ list: ID[] }>({ request: "list" });
same<typeof data.list, (number | bigint | string)[]>(true);
same<Awaited<typeof client.closed>, JanusError | undefined>(true);

const codes: number[] = [Code.PluginNotFound, Codes.ErrInvalidElement];
const error = new JanusError({ kind: "argument", message: "no" });
if (error.kind === "gateway" && codes.includes(error.code)) console.log(error.retryable, error.fix?.length);

{
  await using temporary = await program.dial("ws://localhost");
  await temporary.ping();
}
