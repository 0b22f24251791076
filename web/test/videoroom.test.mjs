// Video rooms in Chromium, with fake devices, against a real Janus.
import assert from "node:assert/strict";
import { open } from "./browser.mjs";
import { nothingLeft, noSessions, settled } from "./settled.mjs";
import { prepare, setUp, test } from "./setup.mjs";

const t = setUp();

/** Runs in a page: somebody who enters rooms. */
async function prepareRooms() {
  const { VideoRoom, Room, resolutions } = bifrons;
  globalThis.codes = (await import("/dist/plugins/videoroom.js")).Codes;
  globalThis.program = await bifrons.init();
  const connect = async () => {
    const client = await program.dial(urls.ws);
    return { client, session: await client.newSession() };
  };
  Object.assign(globalThis, {
    connect,
    /** Makes a room and returns its id. */
    newRoom: async (request) => {
      const { client, session } = await connect();
      const admin = await session.attach(VideoRoom);
      const { room } = await admin.create({ publishers: 6, ...request });
      await client.close();
      return room;
    },
    /** Enters a room; what is received is shown. */
    enter: async (options) => {
      const { client, session } = await connect();
      const room = await Room.join(session, options);
      const person = { client, session, room, log: [], videos: new Map(), tracks: [], reading: undefined };
      person.reading = (async () => {
        for await (const event of room) {
          person.log.push(event);
          person.heard?.();
          if (event.kind !== "media.track") continue;
          person.tracks.push({ feed: event.feed, kind: event.track.kind, known: room.stream(event.track.mid)?.feed_id });
          const video = person.videos.get(event.feed) ?? element("video");
          video.muted = false; // else nobody measures the sound
          person.videos.set(event.feed, video);
          await event.track.attach(await program.element(video));
          person.heard?.();
        }
      })();
      return person;
    },
    /** Waits until something is so, looking whenever an event was read. */
    until: async (person, so) => {
      for (let value; ; ) {
        if ((value = await so())) return value;
        await new Promise((resolve) => (person.heard = resolve));
      }
    },
    /** Publishes a camera and a microphone. */
    publish: async (person, video = {}) => {
      const { sources } = await program.device({ audio: true, video: true, ...resolutions.stdres });
      person.sources = sources;
      const list = sources.map((source) => (source.kind === "video" ? { source, ...video } : source));
      person.peer = await person.room.publish({ bitrate: 512_000 }, { sources: list });
    },
    /** How many pictures of somebody differ, and how loud they are. */
    watch: async (person, feed) => {
      const video = await until(person, () => person.videos.get(feed));
      await loaded(video);
      const moved = await differing(video, 10);
      const receiver = await person.room.receiver();
      const { mid } = await until(person, () => person.room.streams.find((s) => s.type === "audio" && s.feed_id === feed));
      for (;;) {
        const { streams } = await receiver.stats();
        const level = streams.find((s) => !s.sent && s.mid === mid)?.audioLevel;
        if (level > 0) return { moved, level };
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    kinds: (person) => person.log.map(({ kind }) => kind),
  });
}

/** Opens one more page with a person in it. */
async function anotherPage() {
  const page = await open(t.browser, t.server.url);
  await page.evaluate(prepare, { ws: t.janus.ws });
  await page.evaluate(prepareRooms);
  return page;
}

test("rooms: made, listed, changed, refused, destroyed", async () => {
  await t.page.evaluate(prepareRooms);
  const got = await t.page.evaluate(async () => {
    const { client, session } = await connect();
    const admin = await session.attach(bifrons.VideoRoom);
    const made = await admin.create({ room: 4321, description: "Lunch", secret: "s3", pin: "p", allowed: ["a"], publishers: 2 });
    const before = (await admin.list()).find(({ room }) => room === 4321);
    const there = [await admin.exists(4321), await admin.exists(4322)];
    const edited = await admin.edit({ room: 4321, secret: "s3", new_description: "Dinner", new_pin: "q" });
    const after = (await admin.list({ adminKey: "none is needed" })).find(({ room }) => room === 4321);
    const allowed = await admin.allowed({ room: 4321, secret: "s3", action: "add", allowed: ["b"] });
    const opened = await admin.allowed({ room: 4321, secret: "s3", action: "disable" });
    const participants = await admin.participants(4321);
    const refused = {};
    for (const [name, promise] of Object.entries({
      ErrRoomExists: thrown(admin.create({ room: 4321 })),
      ErrNoSuchRoom: thrown(admin.participants(4322)),
      ErrMissingElement: thrown(admin.edit({ room: 4321 })),
      ErrUnauthorized: thrown(admin.destroy({ room: 4321, secret: "wrong" })),
      ErrInvalidElement: thrown(admin.create({ publishers: -1 })),
      ErrNoSuchFeed: thrown(admin.kick({ room: 4321, secret: "s3", id: 1 })),
    })) {
      const { kind, code, plugin } = await promise;
      refused[name] = kind === "plugin" && plugin === "janus.plugin.videoroom" && code === codes[name];
    }
    const unauthorized = await thrown(bifrons.Room.join(session, { room: 4321, pin: "p" }));
    const nowhere = await thrown(bifrons.Room.join(session, { room: 4322 }));
    const joining = [unauthorized.code === codes.ErrUnauthorized, nowhere.code === codes.ErrNoSuchRoom];
    const forwarders = await admin.forwarders({ room: 4321, secret: "s3" });
    const recording = await thrown(admin.enableRecording({ room: 4322, record: true }));
    const destroyed = await admin.destroy({ room: 4321, secret: "s3" });
    const gone = await admin.exists(4321);
    const given = await thrown(admin.list({ signal: AbortSignal.abort(new Error("enough")) }));
    await client.close();
    return { made, before, there, edited, after, allowed, opened, participants, refused, joining, forwarders, recording, destroyed, gone, given };
  });
  assert.deepEqual([got.made.room, got.made.permanent], [4321, false]);
  assert.deepEqual([got.before.description, got.before.max_publishers, got.before.pin_required], ["Lunch", 2, true]);
  assert.deepEqual(got.there, [true, false]);
  assert.deepEqual([got.edited.room, got.after.description], [4321, "Dinner"]);
  assert.deepEqual([got.allowed.sort(), got.opened, got.participants], [["a", "b"], [], []]);
  for (const [name, matches] of Object.entries(got.refused)) assert.ok(matches, name);
  assert.deepEqual(got.joining, [true, true]);
  assert.deepEqual([got.forwarders, got.recording.kind], [[], "plugin"]);
  assert.deepEqual([got.destroyed.room, got.gone, got.given.message], [4321, false, "enough"]);
});

test("two tabs see and hear each other, a third watches, a fourth comes late", async () => {
  await t.page.evaluate(prepareRooms);
  const pages = [t.page, await anotherPage()];
  const room = await t.page.evaluate(() => newRoom({ notify_joining: true }));
  const selves = [];
  for (const page of pages) {
    selves.push(
      await page.evaluate(
        async ([room, number]) => {
          globalThis.me = await enter({ room, display: `tab ${number}`, wanted: { all: true } });
          await publish(me);
          return me.room.self;
        },
        [room, selves.length],
      ),
    );
  }
  const audience = await t.page.evaluate(async (room) => {
    globalThis.third = await enter({ room, display: "audience", wanted: { all: true, kinds: ["video"] } });
    await third.room.sync({ timeoutMs: 60_000 });
    return { self: third.room.self, feeds: third.room.feeds, types: third.room.streams.map(({ type }) => type) };
  }, room);
  assert.deepEqual(
    audience.feeds.map(({ display }) => display).sort(),
    ["tab 0", "tab 1"],
  );
  assert.deepEqual(audience.types, ["video", "video"]);
  const late = await pages[1].evaluate(async (room) => {
    globalThis.late = await enter({ room, display: "late" });
    const attendees = globalThis.late.room.attendees.map(({ display }) => display);
    await globalThis.late.room.want({ all: true });
    await globalThis.late.room.sync({ timeoutMs: 60_000 });
    return { attendees, feeds: globalThis.late.room.feeds.map(({ id }) => id).sort() };
  }, room);
  assert.deepEqual(late, { attendees: ["audience"], feeds: [...selves].sort() });
  const seen = await Promise.all(
    pages.map((page, i) => page.evaluate((feed) => watch(me, feed), selves[1 - i])).concat(
      pages[1].evaluate((feed) => watch(globalThis.late, feed), selves[0]),
    ),
  );
  for (const { moved, level } of seen) assert.ok(moved > 2 && level > 0, JSON.stringify(seen));
  const watched = await t.page.evaluate(async (selves) => {
    const moved = [];
    for (const self of selves) {
      const video = await until(third, () => third.videos.get(self));
      await loaded(video);
      moved.push(await differing(video, 10));
    }
    await until(me, () => me.room.attendees.some(({ display }) => display === "late"));
    return { moved, tracks: third.tracks, kinds: kinds(me), carried: selves.map((self) => third.room.tracks(self).map(({ kind }) => kind)) };
  }, selves);
  assert.ok(watched.moved.every((n) => n > 2), String(watched.moved));
  assert.deepEqual(watched.carried, [["video"], ["video"]]);
  assert.ok(
    watched.tracks.every(({ feed, known }) => feed === known && selves.includes(feed)),
    JSON.stringify(watched.tracks),
  );
  for (const kind of ["videoroom.joined", "videoroom.published", "videoroom.updated", "media.track", "webrtcup"]) {
    assert.ok(watched.kinds.includes(kind), `${kind} is not among ${watched.kinds}`);
  }
  for (const page of pages) {
    const closed = await page.evaluate(async () => {
      await me.room.leave();
      await me.reading;
      return [(await me.room.closed) === undefined, (await me.peer.closed) === undefined, me.room.peer === undefined];
    });
    assert.deepEqual(closed, [true, true, true]);
  }
  const left = await t.page.evaluate(async () => {
    await until(third, () => third.room.feeds.length === 0);
    await until(third, () => third.room.tracks().length === 0);
    return kinds(third).filter((kind) => kind === "videoroom.left").length;
  });
  assert.equal(left, 2);
  await pages[1].context().close();
  assert.deepEqual(pages[1].complaints, []);
});

test("what is wanted, which layer of it, and another feed in its place", async () => {
  await t.page.evaluate(prepareRooms);
  const got = await t.page.evaluate(async () => {
    const room = await newRoom();
    const [a, b] = [await enter({ room }), await enter({ room })];
    await publish(a, { simulcast: true });
    await publish(b);
    const viewer = await enter({ room, wanted: { feeds: [a.room.self], kinds: ["video"] } });
    await until(viewer, () => viewer.room.feeds.some(({ id }) => id === a.room.self)); // once Janus has its media
    await viewer.room.sync();
    const streams = viewer.room.streams.map(({ feed_id, type }) => [feed_id === a.room.self, type]);
    const video = await until(viewer, () => viewer.videos.get(a.room.self));
    await loaded(video);
    const size = async (width) => {
      while (video.videoWidth !== width) await new Promise((resolve) => video.addEventListener("resize", resolve, { once: true }));
    };
    await size(640);
    await viewer.room.tune(a.room.self, { substream: 0 });
    await size(320); // Chromium makes two layers of this size
    await viewer.room.tune(a.room.self, { substream: 2 });
    await size(640);
    await viewer.room.tune(a.room.self, { substream: 0 });
    await size(320);
    const layered = kinds(viewer).includes("videoroom.layer_changed");
    await viewer.room.pause();
    await viewer.room.sync();
    const { bytesReceived } = await (await viewer.room.receiver()).stats();
    await viewer.room.resume();
    await viewer.room.sync();
    const again = await differing(video, 5);
    const [track] = viewer.room.tracks(a.room.self);
    await viewer.room.switch(a.room.self, b.room.self);
    await size(640); // b has no layers
    const switched = [viewer.room.stream(track.mid).feed_id === b.room.self, viewer.room.tracks(b.room.self)[0] === track, viewer.room.streams.length];
    const unknown = await thrown(viewer.room.switch(1, 2));
    const layer = await thrown(viewer.room.tune(b.room.self, { substream: 7 }));
    await viewer.room.want({ all: true });
    await viewer.room.sync();
    const all = viewer.room.streams.filter(({ active }) => active).length;
    await viewer.room.want({});
    await viewer.room.sync();
    const none = viewer.room.streams.filter(({ active }) => active).length;
    for (const { client } of [a, b, viewer]) await client.close();
    return { streams, layered, bytesReceived, again, switched, unknown, layer, all, none };
  });
  assert.deepEqual(got.streams, [[true, "video"]]);
  assert.ok(got.layered && got.bytesReceived > 0 && got.again > 1, JSON.stringify(got));
  assert.deepEqual(got.switched, [true, true, 1]);
  assert.deepEqual([got.unknown.kind, got.layer.kind], ["argument", "argument"]);
  assert.deepEqual([got.all, got.none], [4, 0]);
});

test("more to send, and less: a data channel, a second picture", async () => {
  await t.page.evaluate(prepareRooms);
  const got = await t.page.evaluate(async () => {
    const room = await newRoom();
    const [sends, sees] = [await enter({ room }), await enter({ room, wanted: { all: true } })];
    await publish(sends);
    const channel = await sends.peer.openData("chat");
    const second = await sends.peer.add(sends.sources.find(({ kind }) => kind === "video"));
    const reply = await sends.room.renegotiate();
    await channel.opened();
    let saying = true; // again and again: what comes before the receiver is ready is lost
    const said = (async () => {
      for (let i = 0; saying; i++) {
        await channel.send(`hello ${i}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    })();
    const { channel: heard } = await until(sees, () => sees.log.find(({ kind }) => kind === "media.data"));
    const text = await heard.receive();
    saying = false;
    await said;
    await until(sees, () => sees.room.tracks(sends.room.self).length === 3);
    const before = (await sends.peer.senders()).map(({ kind }) => kind).sort();
    await second.remove();
    await sends.room.renegotiate();
    await until(sees, () => sees.room.tracks(sends.room.self).length === 2);
    const after = (await sends.peer.senders()).map(({ kind }) => kind).sort();
    for (const { client } of [sends, sees]) await client.close();
    return { types: reply.streams.map(({ type }) => type), label: heard.label === String(sends.room.self), text, before, after };
  });
  assert.deepEqual(got.types.sort(), ["audio", "data", "video", "video"]);
  assert.match(got.text, /^hello \d+$/);
  assert.equal(got.label, true);
  assert.deepEqual([got.before, got.after], [["audio", "video", "video"], ["audio", "video"]]);
});

test("moderated, kicked, unpublished, and the room destroyed", async () => {
  await t.page.evaluate(prepareRooms);
  const got = await t.page.evaluate(async () => {
    const room = await newRoom({ secret: "s3", audiolevel_event: true, audio_active_packets: 10, audio_level_average: 120 });
    const host = await enter({ room, secret: "s3", wanted: { speakers: 1, kinds: ["video"] } });
    const guest = await enter({ room, display: "guest" });
    await publish(guest);
    const { self } = guest.room;
    await until(host, () => host.room.speakers.includes(self));
    const audio = host.room.feeds[0].streams.find(({ type }) => type === "audio");
    await host.room.moderate(self, audio.mid, true);
    await until(guest, () => guest.log.find((e) => e.kind === "videoroom.moderated" && e.feed === self && e.muted));
    const moderated = await until(host, () => host.room.feeds[0].streams.find(({ mid }) => mid === audio.mid).moderated);
    const powerless = await thrown(guest.room.kick(host.room.self));

    await guest.room.unpublish();
    const over = [(await guest.peer.closed) === undefined, guest.room.peer === undefined];
    await until(host, () => host.room.feeds.length === 0 && host.room.tracks().length === 0);
    guest.peer = await guest.room.publish({}, { sources: guest.sources });
    const twice = await thrown(guest.room.publish({}, { sources: guest.sources }));
    await until(host, () => host.room.feeds.length === 1 && host.room.tracks(self).length === 1);
    const senders = await guest.peer.senders();
    await guest.peer.close(); // the same as unpublish
    await until(host, () => host.room.feeds.length === 0);

    await host.room.kick(self);
    await guest.reading;
    const kicked = [(await guest.room.closed).kind, guest.log.at(-1).kind, guest.log.at(-1).reason, "feed" in guest.log.at(-1)];
    const after = await thrown(guest.room.publish({}, { sources: guest.sources }));
    const again = await enter({ room });
    const admin = await again.session.attach(bifrons.VideoRoom);
    await admin.destroy({ room, secret: "s3" });
    await host.reading;
    await again.reading;
    const destroyed = [(await host.room.closed).kind, host.log.at(-1).kind];
    for (const each of [host, guest, again]) {
      await each.room.leave();
      await each.client.close();
    }
    return { moderated, powerless, over, twice, senders: senders.length, kicked, after, destroyed };
  });
  assert.equal(got.moderated, true);
  assert.deepEqual([got.powerless.kind, got.twice.kind], ["plugin", "argument"]);
  assert.deepEqual([got.over, got.senders], [[true, true], 2]);
  assert.deepEqual(got.kicked, ["kicked", "videoroom.left", "kicked", false]);
  assert.equal(got.after.kind, "kicked");
  assert.deepEqual(got.destroyed, ["destroyed", "videoroom.destroyed"]);
});

test("a gateway that is restarted: the room publishes and shows again", async () => {
  await t.page.evaluate(prepareRooms);
  const self = await t.page.evaluate(async () => {
    const room = await newRoom({ permanent: true });
    globalThis.sends = await enter({ room, id: 7 });
    globalThis.sees = await enter({ room, wanted: { all: true } });
    await publish(sends);
    await watch(sees, sends.room.self);
    const [first, second] = await sends.peer.senders();
    const video = first.kind === "video" ? first : second;
    globalThis.senders = { video, audio: first.kind === "video" ? second : first };
    // What is sent by now is what has to be sent again.
    const canvas = Object.assign(element("canvas"), { width: 200, height: 100 });
    const context = canvas.getContext("2d");
    let hue = 0;
    setInterval(() => {
      context.fillStyle = `hsl(${(hue += 20)} 100% 50%)`;
      context.fillRect(0, 0, 200, 100);
    }, 50);
    await video.replace((await program.capture(canvas)).sources[0]);
    await senders.audio.mute(true);
    await sends.peer.add(sends.sources.find(({ kind }) => kind === "video"));
    await sends.room.renegotiate();
    await until(sees, () => sees.tracks.length === 3);
    return sends.room.self;
  });
  assert.equal(self, 7);
  await t.janus.command("restart");
  const got = await t.page.evaluate(async (self) => {
    for (const person of [sends, sees]) {
      await until(person, () => {
        const at = person.log.findIndex((e) => e.kind === "resumed" && e.rebuilt);
        return at >= 0 && person.log.slice(at).some(({ kind }) => kind === "webrtcup");
      });
    }
    const mid = await senders.video.mid();
    const stream = await until(sees, () => sees.room.streams.find(({ feed_mid }) => feed_mid === mid));
    const video = sees.videos.get(self);
    await sees.room.tracks(self).find((track) => track.mid === stream.mid).attach(await program.element(video));
    while (video.videoWidth !== 200) await new Promise((resolve) => video.addEventListener("resize", resolve, { once: true }));
    const moved = await differing(video, 10);
    const stats = await sends.peer.stats();
    const state = { self: sends.room.self, muted: await senders.audio.muted(), mid, same: (await sends.peer.senders()).includes(senders.video) };
    await senders.audio.mute(false);
    const failed = [...kinds(sends), ...kinds(sees)].filter((kind) => /failed/.test(kind));
    for (const { client } of [sends, sees]) await client.close();
    return { moved, connected: stats.state, state, failed, ended: kinds(sees).filter((kind) => kind === "media.ended").length };
  }, self);
  assert.ok(got.moved > 2, `${got.moved} different pictures`);
  assert.equal(got.connected, "connected");
  assert.deepEqual(got.state, { self: 7, muted: true, mid: got.state.mid, same: true });
  assert.match(got.state.mid, /^\d$/);
  assert.deepEqual(got.failed, []);
  assert.equal(got.ended, 0); // the tracks go on
  t.page.complaints = t.page.complaints.filter((text) => !text.includes("WebSocket connection"));
});

test("one request at a time: a publisher and a subscriber", async () => {
  await t.page.evaluate(prepareRooms);
  const got = await t.page.evaluate(async () => {
    const room = await newRoom();
    const { client, session } = await connect();
    const handle = await session.attach(bifrons.VideoRoom);
    const before = []; // whose handle gets a role while it is read
    const reading = (async () => {
      for await (const event of handle) before.push(event.kind);
    })();
    const refused = await thrown(handle.join({ room: 1 }));
    const peer = await handle.newPeer();
    const { sources } = await program.device({ audio: true, video: true });
    for (const source of sources) await peer.add(source);
    const publisher = await handle.joinAndPublish({ room, display: "one" }, { bitrate: 256_000 }, peer);
    await reading;
    for await (const event of publisher) if (event.kind === "webrtcup") break;
    const second = await (await session.attach(bifrons.VideoRoom)).join({ room });
    const [feed] = second.joined.publishers;
    const joined = [publisher.room === room, feed.id === publisher.self, feed.display, feed.streams.length, (await publisher.privateId()) > 0];

    const receiving = await session.attach(bifrons.VideoRoom);
    const subscriber = await receiving.subscribe({ room, streams: [{ feed: feed.id }] }, await receiving.newPeer());
    const mids = [];
    for await (const event of subscriber) if (event.kind === "media.track" && mids.push(event.track.mid) === 2) break;
    const carried = await Promise.all(mids.map(async (mid) => (await subscriber.stream(mid)).feed_id === feed.id));
    await subscriber.configure([{ mid: mids[0], send: false }]);
    await subscriber.pause();
    await subscriber.resume();
    await subscriber.unsubscribe([{ sub_mid: mids[0] }]);
    const dropped = (await subscriber.streams()).filter(({ active }) => active).length;
    await subscriber.restart();
    await publisher.configure({ display: "two" });
    await publisher.renegotiate();
    const participants = await subscriber.participants(room);
    const already = await thrown(handle.join({ room }));
    await publisher.unpublish();
    await publisher.leave();
    const old = await thrown(publisher.addRemotePublisher({ room, streams: [] }));
    await subscriber.leave();
    for (const each of [handle, second, receiving]) await each.detach();
    const gone = await Promise.all([publisher, subscriber, handle].map((each) => each.closed));
    await client.close();
    return { refused, before, joined, carried, dropped, participants, already: already.code === codes.ErrAlreadyJoined, old: old.kind, gone };
  });
  assert.equal(got.refused.code, 426);
  assert.deepEqual(got.before.filter((kind) => kind === "webrtcup"), []);
  assert.deepEqual(got.joined, [true, true, "one", 2, true]);
  assert.deepEqual([got.carried, got.dropped], [[true, true], 1]);
  assert.deepEqual(got.participants.map(({ display, publisher }) => [display, publisher]).sort(), [[undefined, false], ["two", true]]);
  assert.equal(got.already, true);
  assert.equal(got.old, "plugin");
  assert.deepEqual(got.gone, [undefined, undefined, undefined]);
});

test("a room that was left leaves nothing behind", async () => {
  const { page } = t;
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  await page.evaluate(prepareRooms);
  await page.evaluate(() => {
    globalThis.visit = async () => {
      const room = await newRoom();
      const [a, b] = [await enter({ room }), await enter({ room, wanted: { all: true } })];
      await publish(a);
      await watch(b, a.room.self);
      for (const source of a.sources) await source.close();
      for (const each of [b, a]) {
        await each.room.leave();
        await each.client.close();
      }
      for (const video of document.querySelectorAll("video")) {
        await (await program.element(video)).close();
        video.remove();
      }
    };
  });
  await page.evaluate(() => visit());
  const before = await settled(page, devtools);
  await page.evaluate(() => visit());
  const after = await nothingLeft(page, devtools, before);
  assert.equal(after.objects, 0);
  await noSessions(t.janus);
});
