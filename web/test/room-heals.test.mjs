// A video room of a page and a native program, which both do nothing about what
// goes wrong around them, and go on all the same. Against a real Janus; sockets
// and media reach it through proxies that a test decides about.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import * as node from "node:test";
import { launch } from "./browser.mjs";
import { build, patience, timeout } from "./programs.mjs";
import { prepare } from "./setup.mjs";
import { serve } from "./server.mjs";
import { openTab } from "./tab.mjs";

let browser, programs;

before(async () => {
  programs = await build("stage", "participant");
  // Timers of a hidden tab soon run once a minute.
  browser = await launch("--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/10");
});

after(async () => {
  await browser?.close();
  await programs?.remove();
});

/** A part of a test that is only waiting. */
const pass = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs in the page: enters the room, sends the camera, shows everybody. */
async function enter(url) {
  const program = await bifrons.init();
  const client = await program.dial(url, { credentials: async () => ({ token: await (await fetch("/page-token")).text() }) });
  const session = await client.newSession();
  const room = await bifrons.Room.join(session, { room: 1234, display: "page", wanted: { all: true } });
  globalThis.stay = { room, session, log: [], videos: new Map() };
  void (async () => {
    for await (const event of room) {
      stay.log.push({ kind: event.kind, rebuilt: event.rebuilt });
      if (event.kind !== "media.track") continue;
      const video = stay.videos.get(event.feed) ?? element("video");
      stay.videos.set(event.feed, video);
      await event.track.attach(await program.element(video));
    }
  })();
  const { sources } = await program.device({ audio: true, video: true });
  await room.publish({}, { sources });
}

/** Runs in the page: waits until a picture of the other has changed a few times. */
async function sees(ms) {
  const seen = new Map();
  const context = new OffscreenCanvas(64, 48).getContext("2d", { willReadFrequently: true });
  for (const end = performance.now() + ms; performance.now() < end; ) {
    for (const video of stay.videos.values()) {
      if (video.readyState < 2) continue;
      context.drawImage(video, 0, 0, 64, 48);
      const pictures = seen.get(video) ?? seen.set(video, new Set()).get(video);
      if (pictures.add(context.getImageData(0, 0, 64, 48).data.join()).size > 5) return "";
    }
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  return JSON.stringify([stay.log, stay.room.feeds.map(({ display }) => display), [...stay.videos.values()].map((video) => video.readyState)]);
}

/** Runs in the page: waits for an event from a place in the log on, and returns it. */
async function hears([from, kind, ms]) {
  for (const end = performance.now() + ms; performance.now() < end; ) {
    const event = stay.log.slice(from).find((event) => event.kind === kind);
    if (event) return event;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`in vain: ${kind} among ${JSON.stringify(stay.log.slice(from))}`);
}

/** Runs a test in a room with a page and a native participant, whose media reach each other. */
function test(name, body) {
  node.test(name, { timeout: 300_000 }, async () => {
    const ending = [];
    try {
      const stage = programs.run("stage");
      ending.push(() => stage.stop());
      const { ws } = await stage.says("where it is", 0, ({ ws }) => ws);
      const does = (what) => stage.does(what);
      await does("token first");

      const asked = { page: 0, native: 0 };
      let token = "first";
      const route = (who) => ({
        get body() {
          asked[who]++;
          return token;
        },
      });
      const server = await serve({ routes: { "/page-token": route("page"), "/native-token": route("native") } });
      ending.push(() => server.close());

      const native = programs.run("participant", ws, `${server.url}/native-token`);
      ending.push(async () => assert.equal(await native.stop(), 0));
      const page = await openTab(browser, server.url);
      ending.push(() => page.close());
      await page.evaluate(prepare, {});
      await page.evaluate(enter, ws);

      const room = {
        page,
        native,
        asked,
        does,
        /** Has the gateway take another token, and no more the one that both have. */
        expire: async (next) => {
          token = next;
          await does(`token ${next}`);
        },
        /** Waits until new pictures and sounds come, either way. */
        flows: async () => {
          const { audio, video } = native.said.at(-1) ?? {};
          const comes = (line) => line.video > video + 20 && line.audio > audio + 20;
          const [, seen] = await Promise.all([
            native.says("frames", native.said.length, comes),
            page.evaluate(sees, patience),
          ]);
          assert.equal(seen, "", "the page sees nothing new");
        },
        /** How much both have told so far. */
        mark: async () => ({ native: native.said.length, page: await page.evaluate(() => stay.log.length) }),
        /** Waits until both have told of an event since then, and returns what they told. */
        both: async (mark, kind) => [
          await native.says(kind, mark.native, ({ event }) => event === kind),
          await page.evaluate(hears, [mark.page, kind, patience]),
        ],
        /** The events of some kinds that both have told of since then. */
        told: async (mark, kinds) => [
          ...native.said.slice(mark.native).map(({ event }) => event),
          ...(await page.evaluate((from) => stay.log.slice(from).map(({ kind }) => kind), mark.page)),
        ].filter((kind) => kinds.test(kind)),
      };
      try {
        await room.flows();
        await body(room);
      } catch (error) {
        const heard = native.said.filter(({ event }, i, all) => event !== "frames" || all[i + 1]?.event !== "frames");
        error.message += `\nnative: ${JSON.stringify(heard.slice(-60))}\npage: ${JSON.stringify(await page.evaluate(() => stay.log.slice(-60)))}`;
        throw error;
      }
      assert.deepEqual(page.complaints.filter((text) => !/WebSocket/.test(text)), []);
    } finally {
      for (const end of ending.reverse()) await end();
    }
  });
}

const losses = /interrupted|resumed|hangup|ended|unpublished|left|failed/;

test("sockets are dropped", async ({ does, both, told, mark, flows }) => {
  const start = await mark();
  await does("drop");
  for (const { rebuilt } of await both(start, "resumed")) assert.equal(rebuilt, false);
  await flows();
  assert.deepEqual((await told(start, losses)).filter((kind) => !/interrupted|resumed/.test(kind)), [], "media are none the wiser");
});

test("Janus is killed and started again", async ({ does, both, mark, flows }) => {
  const start = await mark();
  await does("restart");
  for (const { rebuilt } of await both(start, "resumed")) assert.equal(rebuilt, true);
  await flows();
});

test("Janus freezes until both have noticed, and goes on", async ({ does, both, mark, flows }) => {
  const start = await mark();
  await does("freeze");
  await both(start, "interrupted");
  await does("thaw");
  await both(start, "resumed");
  await flows();
});

test("both go to another network", async ({ does, both, mark, flows }) => {
  const start = await mark();
  await does("switch");
  for (const { rebuilt } of await both(start, "resumed")) assert.equal(rebuilt, false);
  await flows();
});

test("the token expires, and there is another one", async ({ page, native, asked, expire, told, mark, flows }) => {
  const start = await mark();
  const before = { ...asked };
  await expire("second");
  const late = timeout("a new token for both");
  while (asked.page === before.page || asked.native === before.native) await Promise.race([pass(50), late.promise]);
  late.clear();
  await page.evaluate(async () => (await stay.session.attach(bifrons.EchoTest)).detach());
  await flows();
  assert.deepEqual(await told(start, losses), [], "nobody noticed");
  assert.ok(native.said.length > start.native);
});

test("nobody looks at the page for longer than a session lasts", async ({ page, native, told, mark, flows }) => {
  const start = await mark();
  await page.behind(async () => {
    assert.equal(await page.evaluate(() => document.visibilityState), "hidden");
    for (let i = 0; i < 3; i++) {
      const { video } = native.said.at(-1);
      await pass(12_000);
      assert.ok(native.said.at(-1).video > video + 20, "what a hidden page sends goes on");
    }
  });
  await flows();
  assert.deepEqual(await told(start, losses), []);
});
