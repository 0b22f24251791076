// What the types of the video room promise, and what they refuse. It is compiled, never run.
import { JanusError, Peer, Room, Session, Track, VideoRoom, type ID, type Source } from "bifrons";
import { Codes, Publisher, Subscriber, type Feed, type RoomInfo, type SubscriberStream } from "bifrons/plugins/videoroom";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>) => {};
declare const session: Session;
declare const camera: Source;

const room = await Room.join(session, { room: 1234, display: "Ann", pin: "p", wanted: { all: true, kinds: ["audio"] }, timeoutMs: 5 });
await Room.join(session, { room: "a room", peer: { iceServers: [{ urls: ["stun:x"] }], transform: () => undefined } });
// @ts-expect-error a room has an id
await Room.join(session, { display: "Ann" });
// @ts-expect-error a misspelt setting
await Room.join(session, { room: 1, wnated: { all: true } });
// @ts-expect-error rooms are joined
new Room();

const peer = await room.publish({ bitrate: 512_000 }, { sources: [camera, { source: camera, simulcast: true }], signal: AbortSignal.timeout(5) });
same<typeof peer, Peer>(true);
// @ts-expect-error what is sent is a source
await room.publish({}, { sources: [peer] });
same<typeof room.feeds, Feed[]>(true);
same<typeof room.self, ID>(true);
same<ReturnType<typeof room.stream>, SubscriberStream | undefined>(true);
same<Awaited<typeof room.closed>, JanusError | undefined>(true);
for (const { streams } of room.feeds) for (const { type } of streams) same<typeof type, "audio" | "video" | "data">(true);

room.on("videoroom.ghost", ({ id, takenOver }) => same<[typeof id, typeof takenOver], [ID, boolean]>(true));
room.on("videoroom.resynced", ({ joined, streams }) => same<[typeof joined, typeof streams], [number, boolean]>(true));
room.on("media.ended", ({ track, feed }) => {
  same<typeof track, Track>(true);
  same<typeof feed, ID | undefined>(true);
});
room.on("videoroom.subscription_failed", ({ feed, err }) => {
  same<typeof feed, ID | undefined>(true);
  same<typeof err, JanusError>(true);
});
room.on("videoroom.published", ({ feeds }) => same<typeof feeds, Feed[]>(true));
for await (const event of room) {
  if (event.kind === "videoroom.left") same<typeof event.reason, string>(true);
  // @ts-expect-error only some events have a track
  void event.track;
}

await room.want({ speakers: 3, all_audio: true });
await room.tune(7, { substream: 0, send: false });
// @ts-expect-error layers have numbers
await room.tune(7, { substream: "low" });
{
  await using temporary = await Room.join(session, { room: 1 });
  await temporary.sync();
}

const admin = await session.attach(VideoRoom);
same<typeof admin, VideoRoom>(true);
const { room: made } = await admin.create({ description: "Lunch", audiolevel_event: true });
same<typeof made, ID>(true);
same<Awaited<ReturnType<typeof admin.list>>, RoomInfo[]>(true);
await admin.allowed({ room: made, action: "add", allowed: ["token"] });
// @ts-expect-error there are four actions
await admin.allowed({ room: made, action: "ban" });
same<Awaited<ReturnType<typeof admin.join>>, Publisher>(true);
const subscriber = await admin.subscribe({ room: made, streams: [{ feed: 1 }] }, await admin.newPeer());
same<typeof subscriber, Subscriber>(true);
// @ts-expect-error a subscriber does not publish
subscriber.publish;
// @ts-expect-error nor does a publisher subscribe
(await admin.join({ room: 1 })).subscribe;
await subscriber.kick({ room: made, id: 1 });
const codes: number[] = [Codes.ErrNoSuchRoom];
if (codes.length === 0) await subscriber.detach();
