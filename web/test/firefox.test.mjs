// The echo test and data channels in Firefox, with its fake devices, against a
// real Janus.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openFirefox } from "./firefox.mjs";
import { startJanus } from "./janus.mjs";
import { serve } from "./server.mjs";

const t = {};
before(async () => {
  [t.server, t.janus] = await Promise.all([serve(), startJanus()]);
});
after(async () => {
  t.server?.close();
  await t.janus?.stop();
});

/** Runs a function in a page of Firefox and returns its result. */
async function inFirefox(f, ...args) {
  const script = `const report = (path, body) => fetch(path, { method: "POST", body: JSON.stringify(body) });
    const plain = (e) => ({ name: e?.name, message: e?.message ?? String(e), stack: e?.stack, ...e });
    addEventListener("error", (event) => report("/failed", plain(event.error ?? event.message)));
    addEventListener("unhandledrejection", (event) => report("/failed", plain(event.reason)));
    import("/dist/index.js").then((bifrons) => (${f})(bifrons, ...${JSON.stringify(args)}))
      .then((result) => report("/passed", result), (error) => report("/failed", plain(error)));`;
  const body = `<!doctype html><title>test</title><link rel=icon href=data:,><script type=module>${script}</script>`;
  t.server.routes["/firefox"] = { type: "text/html", body };
  const posted = new Promise((resolve, reject) => {
    t.server.routes["/passed"] = { post: (text) => resolve(text ? JSON.parse(text) : undefined) };
    t.server.routes["/failed"] = { post: (text) => reject(new Error(`in Firefox: ${text}`)) };
  });
  const firefox = await openFirefox(`${t.server.url}/firefox`);
  try {
    const gone = firefox.exited.then(() => {
      throw new Error("Firefox ended by itself");
    });
    return await Promise.race([posted, gone]);
  } finally {
    await firefox.close();
  }
}

test("Firefox: echo with a moving picture and sound", { timeout: 120_000 }, async () => {
  const got = await inFirefox(async (bifrons, url) => {
    const program = await bifrons.init();
    const client = await program.dial(url);
    const session = await client.newSession();
    const echo = await session.attach(bifrons.EchoTest);
    const peer = await echo.newPeer();
    const { sources, errors } = await program.device({ audio: true, video: true });
    for (const source of sources) await peer.add(source);
    const video = Object.assign(document.createElement("video"), { autoplay: true, muted: true });
    document.body.append(video);
    const sink = await program.element(video);
    await echo.start({}, peer);
    const kinds = [];
    for await (const event of echo) {
      if (event.kind !== "media.track") continue;
      kinds.push(event.track.kind);
      await event.track.attach(sink);
      if (kinds.length === 2) break;
    }
    const context = new OffscreenCanvas(64, 48).getContext("2d", { willReadFrequently: true });
    const pictures = new Set();
    for (let i = 0; i < 20; i++) {
      await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
      context.drawImage(video, 0, 0, 64, 48);
      pictures.add(context.getImageData(0, 0, 64, 48).data.join());
    }
    const stats = await peer.stats();
    await echo.stop();
    await client.close();
    return { errors, kinds, pictures: pictures.size, stats };
  }, t.janus.ws);
  assert.deepEqual(got.errors, []);
  assert.deepEqual(got.kinds.sort(), ["audio", "video"]);
  assert.ok(got.pictures > 3, `${got.pictures} different pictures`);
  assert.equal(got.stats.state, "connected");
  assert.ok(got.stats.bytesReceived > 1000, JSON.stringify(got.stats));
});

test("Firefox: 1 000 messages come back in order on a data channel", { timeout: 120_000 }, async () => {
  const got = await inFirefox(async (bifrons, url) => {
    const program = await bifrons.init();
    const client = await program.dial(url);
    const session = await client.newSession();
    const echo = await session.attach(bifrons.EchoTest);
    const peer = await echo.newPeer();
    const channel = await peer.openData("words");
    await echo.start({}, peer);
    await channel.send("hello");
    const text = await channel.receive();
    const sending = (async () => {
      for (let i = 0; i < 1000; i++) await channel.send(new Uint32Array([i]));
    })();
    const numbers = [];
    for await (const message of channel) {
      numbers.push(new Uint32Array(message.buffer)[0]);
      if (numbers.length === 1000) break;
    }
    await sending;
    await client.close();
    return { text, inOrder: numbers.every((n, i) => n === i) };
  }, t.janus.http);
  assert.equal(got.text, "Janus EchoTest here! You wrote: hello");
  assert.equal(got.inOrder, true);
});
