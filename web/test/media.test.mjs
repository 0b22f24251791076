// Media in Chromium, with fake devices, against a real Janus.
import assert from "node:assert/strict";
import { setUp, test } from "./setup.mjs";

const t = setUp();

test("echo: devices, a moving picture, stats, and the gateway's hangup", async () => {
  const got = await t.page.evaluate(async () => {
    const { program, client, echo } = await echoTest();
    const peer = await echo.newPeer();
    const { sources, errors } = await program.device({ audio: true, video: true, ...bifrons.resolutions.stdres });
    for (const source of sources) await peer.add(source);
    const video = element("video");
    const [sink, ...others] = await Promise.all([program.element(video), program.element(video)]);
    others.push(await program.element(video));
    const same = others.every((other) => other === sink);
    const log = [];
    echo.on("*", (event) => log.push(event.kind));
    await echo.start({ bitrate: 512_000 }, peer);
    const tracks = [];
    for await (const event of echo) {
      if (event.kind !== "media.track") continue;
      tracks.push(event.track);
      await event.track.attach(sink);
      if (tracks.length === 2) break;
    }
    await loaded(video);
    const moved = await differing(video, 20);
    const stats = await peer.stats();
    const senders = await peer.senders();
    const mids = await Promise.all(senders.map((sender) => sender.mid()));
    const known = (await peer.tracks()).every((track) => tracks.includes(track));
    const native = [(await peer.native()) instanceof RTCPeerConnection, (await tracks[0].native()) instanceof MediaStreamTrack];
    await echo.stop();
    const why = plain(await peer.closed);
    for (const source of sources) await source.close();
    await Promise.all(sources.map((source) => source.closed));
    const off = sources.every((source) => source.native.readyState === "ended");
    await client.close();
    return { errors, kinds: tracks.map((track) => track.kind), log, moved, stats, mids, why, same, known, native, off };
  });
  assert.deepEqual(got.errors, []);
  assert.deepEqual(got.kinds.sort(), ["audio", "video"]);
  assert.ok(got.moved > 3, `${got.moved} different pictures`);
  assert.equal(got.stats.state, "connected");
  assert.ok(got.stats.bytesReceived > 1000);
  assert.ok(got.stats.streams.some((s) => s.kind === "video" && !s.sent && s.bytes > 0), JSON.stringify(got.stats));
  assert.ok(Math.abs(got.stats.time - Date.now()) < 60_000);
  assert.deepEqual(got.mids, ["0", "1"]);
  assert.ok(got.log.includes("webrtcup"), String(got.log));
  assert.equal(got.why.kind, "closed");
  assert.deepEqual([got.same, got.known, got.off], [true, true, true]);
  assert.deepEqual(got.native, [true, true]);
});

test("what is received fits the place where it is shown, and what is sent its limits", async () => {
  const got = await t.page.evaluate(async () => {
    const { program, client, session, echo } = await echoTest();
    const peer = await echo.newPeer();
    const { sources } = await program.device({ video: true });
    const sender = await peer.add(sources[0], { simulcast: true });
    await echo.start({}, peer);
    const mid = await sender.mid();
    /** Waits for a height of the picture that comes back. */
    const comes = async (right) => {
      for (;;) {
        const { streams } = await peer.stats();
        const { height = 0 } = streams.find((s) => !s.sent && s.mid === mid) ?? {};
        const sent = Math.max(...streams.filter((s) => s.sent && s.mid === mid).map((s) => s.height));
        if (height > 0 && right(height, sent)) return height;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    const full = await comes((height, sent) => height >= 240 && height === sent);
    const set = [];
    const layers = await peer.adaptReceived(mid, (layer) => {
      set.push(layer);
      return set.length === 1 ? Promise.reject(new Error("not now")) : echo.configure(layer);
    });
    await layers.shown(full / 4);
    await comes((height) => height < full);
    await layers.stop();
    await layers.stop();

    const simulcast = await thrown(peer.adaptSent(sender));

    const other = await session.attach(bifrons.EchoTest);
    const single = await other.newPeer();
    const sole = await single.add(sources[0]);
    const early = await thrown(single.adaptSent(sole));
    await other.start({}, single);
    const rate = await single.adaptSent(sole, { min: 50_000, max: 300_000 });
    const [native] = (await single.native()).getSenders();
    const [{ maxBitrate }] = native.getParameters().encodings;
    await rate.stop();
    await single.close();
    await peer.close();
    const gone = await thrown(peer.adaptReceived(mid, () => {}));
    await sources[0].close();
    await client.close();
    return { simulcast, early, set, maxBitrate, gone };
  });
  assert.match(got.early.message, /has no m-line yet/);
  assert.ok(got.set.length >= 2, "what failed is tried again");
  for (const { substream, temporal } of got.set) assert.ok(substream === 0 && temporal >= 0, JSON.stringify(got.set)); // and fewer pictures where this machine is busy
  assert.match(got.simulcast.message, /simulcast has LayerBitrates/);
  assert.equal(got.maxBitrate, 300_000);
  assert.equal(got.gone.kind, "closed");
});

test("a data channel: 10 000 messages in order, text and binary", async () => {
  const got = await t.page.evaluate(async () => {
    const { client, echo } = await echoTest();
    const peer = await echo.newPeer();
    const channel = await peer.openData("words", { protocol: "p" });
    await echo.start({}, peer);
    await channel.opened();
    await channel.send("hello");
    const text = await channel.receive();
    const count = 10_000;
    const send = (async () => {
      for (let i = 0; i < count; i++) await channel.send(new Uint32Array([i]));
    })();
    let next = 0;
    for await (const message of channel) {
      if (new Uint32Array(message.buffer)[0] !== next) return `message ${next} is ${message}`;
      if (++next === count) break;
    }
    await send;
    // Nobody has to wait for one before the next.
    const late = await peer.openData("more");
    const many = Array.from({ length: 500 }, (_, i) => `${i}`);
    const given = thrown(late.send("given up", { signal: AbortSignal.abort(new Error("enough")) }));
    await Promise.all(many.map((text) => late.send(text)));
    const echoed = await Promise.all(many.map(() => late.receive()));
    const ordered = echoed.every((text, i) => text === bifrons.EchoTest.textPrefix + i);
    const nothing = await Promise.all([late.receive({ timeoutMs: 50 }), late.receive({ timeoutMs: 20 })].map(thrown));
    const wrong = await thrown(channel.send(5));
    await channel.close();
    const closed = await thrown(channel.receive());
    await client.close();
    return { text, label: channel.label, protocol: channel.protocol, next, wrong, closed, ordered, given: await given, nothing };
  });
  assert.equal(got.text, "Janus EchoTest here! You wrote: hello");
  assert.deepEqual([got.label, got.protocol, got.next], ["words", "p", 10_000]);
  assert.equal(got.wrong.kind, "argument");
  assert.equal(got.closed.kind, "closed");
  assert.equal(got.ordered, true);
  assert.equal(got.given.message, "enough");
  assert.deepEqual(
    got.nothing.map((error) => error.kind),
    ["timeout", "timeout"],
  );
});

test("senders: replace, mute, remove, more later", async () => {
  const got = await t.page.evaluate(async () => {
    const { program, client, echo } = await echoTest();
    const peer = await echo.newPeer();
    const canvas = element("canvas");
    const context = canvas.getContext("2d");
    let hue = 0;
    const timer = setInterval(() => {
      context.fillStyle = `hsl(${(hue += 20)} 100% 50%)`;
      context.fillRect(0, 0, 300, 150);
    }, 50);
    const [drawn] = (await program.capture(canvas)).sources;
    const [camera] = (await program.device({ video: true })).sources;
    const sender = await peer.add(camera, { streamId: "face", maxBitrate: 300_000, codecs: ["VP8"] });
    await echo.start({}, peer);
    const video = element("video");
    for await (const event of echo) {
      if (event.kind !== "media.track") continue;
      await event.track.attach(await program.element(video));
      break;
    }
    await loaded(video);
    const before = video.videoWidth;
    await sender.replace(drawn);
    while (video.videoWidth !== 300) await new Promise((resolve) => video.addEventListener("resize", resolve, { once: true }));
    const moved = await differing(video, 10);
    await sender.mute(true);
    const muted = await sender.muted();
    await sender.mute(false);
    await sender.configure({ maxFrameRate: 10 });
    const tone = new AudioContext();
    const destination = tone.createMediaStreamDestination();
    const external = await program.external(destination.stream.getAudioTracks()[0]);
    const audio = await peer.add(external);
    await echo.renegotiate();
    const mids = await Promise.all((await peer.senders()).map((each) => each.mid()));
    const tones = await thrown(audio.dtmf("1", { duration: 40, gap: 30 })); // the echo test takes none
    await audio.remove();
    await echo.restart();
    await external.close();
    const kept = external.native.readyState;
    clearInterval(timer);
    await peer.close();
    const closed = plain(await peer.closed);
    const after = await thrown(peer.stats());
    await client.close();
    return { before, moved, muted, mids, tones, kept, closed, after };
  });
  assert.ok(got.before > 300);
  assert.ok(got.moved > 2);
  assert.equal(got.muted, true);
  assert.deepEqual(got.mids, ["0", "1"]);
  assert.equal(got.tones.kind, "media");
  assert.equal(got.kept, "live");
  assert.equal(got.closed, undefined);
  assert.equal(got.after.kind, "closed");
});

test("devices: a list, and what is wrong when there is none", async () => {
  const got = await t.page.evaluate(async () => {
    const program = await bifrons.init();
    const devices = await program.devices({ prompt: true });
    const half = await program.device({ audio: true, video: true, videoId: "no such camera" });
    const none = await thrown(program.device({ video: true, videoId: "no such camera" }));
    for (const source of half.sources) await source.close();
    const screen = await program.display({ audio: true });
    const shared = screen.sources.map((source) => source.kind);
    for (const source of screen.sources) await source.close();
    return { devices, half: { kinds: half.sources.map((source) => source.kind), errors: half.errors.map(plain) }, none, shared };
  });
  assert.ok(got.devices.some((d) => d.kind === "video" && d.label && d.id && !d.output), JSON.stringify(got.devices));
  assert.deepEqual(got.half.kinds, ["audio"]);
  assert.equal(got.half.errors.length, 1);
  for (const error of [got.half.errors[0], got.none]) {
    assert.equal(error.kind, "device", JSON.stringify(error));
    assert.equal(error.device, "video");
    assert.equal(error.exception, "OverconstrainedError");
    assert.ok(error.fix.length > 10);
  }
  assert.ok(got.shared.includes("video"), String(got.shared));
});

test("a recording plays", async () => {
  const got = await t.page.evaluate(async () => {
    const { program, client, echo } = await echoTest();
    const peer = await echo.newPeer();
    const { sources } = await program.device({ audio: true, video: true });
    for (const source of sources) await peer.add(source);
    const recorder = await program.record();
    await echo.start({}, peer);
    let tracks = 0;
    for await (const event of echo) {
      if (event.kind !== "media.track") continue;
      await event.track.attach(recorder);
      if (++tracks === 2) break;
    }
    const video = element("video");
    while ((await recorder.stats()).bytes < 20_000) await new Promise((resolve) => setTimeout(resolve, 100));
    const blob = await recorder.finish();
    await client.close();
    video.src = URL.createObjectURL(blob);
    await loaded(video);
    return { type: blob.type, size: blob.size, width: video.videoWidth };
  });
  assert.match(got.type, /^video\/webm/);
  assert.ok(got.size >= 20_000);
  assert.ok(got.width > 0);
});
