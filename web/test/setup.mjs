// What most tests need: a browser, the built package, a real Janus, and a fresh
// page for each test, which must end without a complaint in its console.
import assert from "node:assert/strict";
import * as node from "node:test";
import { after, afterEach, before, beforeEach } from "node:test";
import { launch, open, telling } from "./browser.mjs";
import { startJanus } from "./janus.mjs";
import { serve } from "./server.mjs";

/** A test that ends, one way or the other. */
export const test = (name, body) => node.test(name, { timeout: 120_000 }, telling(body));

/** Registers the hooks of a file; the result is filled by them. */
export function setUp() {
  const t = {};
  before(async () => {
    const started = await Promise.allSettled([launch(), serve(), startJanus()]);
    [t.browser, t.server, t.janus] = started.map(({ value }) => value); // after ends these, also when one is missing
    for (const { reason } of started) if (reason) throw reason;
  });
  after(async () => {
    await t.browser?.close();
    t.server?.close();
    await t.janus?.stop();
  });
  beforeEach(async () => {
    t.page = await open(t.browser, t.server.url);
    await t.page.evaluate(prepare, { ws: t.janus.ws, http: t.janus.http });
  });
  afterEach(async () => {
    const { complaints } = t.page;
    await t.page.context().close();
    assert.deepEqual(complaints, []);
  });
  return t;
}

/** Runs in the page. */
export async function prepare(urls) {
  globalThis.bifrons = await import("/dist/index.js");
  globalThis.urls = urls;
  const plain = (e) => e && { ...e, name: e.name, message: e.message };
  Object.assign(globalThis, {
    plain,
    /** What a promise is rejected with. */
    thrown: (promise) => promise.then(() => "nothing was thrown", plain),
    /** Begins an echo test. */
    echoTest: async (options) => {
      const program = await bifrons.init();
      const client = await program.dial(urls.ws, options);
      const session = await client.newSession();
      const echo = await session.attach(bifrons.EchoTest);
      return { program, client, session, echo };
    },
    /** Returns an element in the page. */
    element: (name) => {
      const made = Object.assign(document.createElement(name), { autoplay: true, playsInline: true, muted: true });
      document.body.append(made);
      return made;
    },
    /** Waits for the first picture. */
    loaded: (video) =>
      video.readyState >= 2 || new Promise((resolve) => video.addEventListener("loadeddata", resolve, { once: true })),
    /** Counts the different pictures among so many. */
    differing: async (video, frames) => {
      const context = new OffscreenCanvas(64, 48).getContext("2d", { willReadFrequently: true });
      const pictures = new Set();
      for (let i = 0; i < frames; i++) {
        await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
        context.drawImage(video, 0, 0, 64, 48);
        pictures.add(context.getImageData(0, 0, 64, 48).data.join());
      }
      return pictures.size;
    },
  });
}
