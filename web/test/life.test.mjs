// What a browser does to pages: reloads and closes them, hides and freezes them,
// takes their network away. Against a real Janus, whose sessions time out after
// a minute.
import assert from "node:assert/strict";
import { prepare, setUp, test } from "./setup.mjs";
import { serve } from "./server.mjs";
import { soon } from "./soon.mjs";
import { openTab } from "./tab.mjs";

const t = setUp();

/** Begins an echo with a moving picture, which stays in globalThis.running. */
async function begin() {
  globalThis.running = await echoTest();
  const { program, echo } = running;
  const { sources } = await program.device({ audio: true, video: true });
  running.video = element("video");
  const sink = await program.element(running.video);
  running.log = [];
  echo.on("*", (event) => running.log.push(event.kind));
  const peer = await echo.newPeer();
  for (const source of sources) await peer.add(source);
  echo.on("media.track", ({ track }) => track.attach(sink));
  await echo.start({}, peer);
  await loaded(running.video);
  return running.session.id;
}

/** Whether the session answers and pictures move. */
async function alive() {
  await running.session.attach(bifrons.EchoTest).then((handle) => handle.detach());
  return (await differing(running.video, 10)) > 2;
}

/** Waits until the gateway has forgotten a session. */
async function gone(id) {
  await soon.ok(async () => !(await t.janus.sessions()).includes(id));
}

/** Opens a tab that can be hidden, and begins an echo there. */
async function tab() {
  const opened = await openTab(t.browser, t.server.url);
  await opened.evaluate(prepare, { ws: t.janus.ws });
  await opened.evaluate(begin);
  return opened;
}

for (const scheme of ["ws", "http"]) {
  test(`a page that is reloaded or closed leaves no session behind: ${scheme}`, async () => {
    await t.page.evaluate((url) => void (urls.ws = url), t.janus[scheme]);
    const id = await t.page.evaluate(begin);
    assert.ok((await t.janus.sessions()).includes(id));
    await t.page.reload();
    await gone(id);

    await t.page.evaluate(prepare, { ws: t.janus[scheme] });
    const again = await t.page.evaluate(begin);
    assert.ok((await t.janus.sessions()).includes(again));
    await t.page.close({ runBeforeUnload: true });
    await gone(again);
    t.page = Object.assign(await t.page.context().newPage(), { complaints: t.page.complaints });
  });
}

// Chromium closes the WebSocket of a frozen page when the page goes on, and not
// before; Janus ends the session with it.
test("a page that is frozen comes back under the same objects", async () => {
  const page = await tab();
  await page.behind(async () => {
    assert.equal(await page.evaluate(() => document.visibilityState), "hidden");
    await page.send("Page.setWebLifecycleState", { state: "frozen" });
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await page.send("Page.setWebLifecycleState", { state: "active" });
  });
  const got = await page.evaluate(async () => {
    const { echo, log } = running;
    while (!log.includes("resumed")) await new Promise((resolve) => echo.on("resumed", resolve));
    return log.filter((kind) => /interrupted|resumed/.test(kind));
  });
  assert.deepEqual(got, ["interrupted", "resumed"]);
  assert.ok(await page.evaluate(alive));
  assert.deepEqual(page.complaints, []);
  await page.close();
});

test("the timers of a hidden page need nothing of a Content-Security-Policy", async () => {
  const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ws:; img-src data:";
  const strict = await serve({ headers: { "content-security-policy": policy } });
  const page = await openTab(t.browser, strict.url);
  try {
    await page.evaluate(prepare, { ws: t.janus.ws });
    await page.evaluate(async () => void (globalThis.running = await echoTest()));
    await page.behind(async () => {
      await page.evaluate(async () => {
        for (let i = 0; i < 10; i++) await running.client.ping();
      });
    });
    const files = () => page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).pathname));
    await soon.match(async () => String(await files()), /\/dist\/ticker\.js/);
    assert.deepEqual(page.complaints, []);
  } finally {
    await page.close();
    strict.close();
  }
});

test("a page that was offline for a moment goes on", async () => {
  await t.page.evaluate(begin);
  await t.page.context().setOffline(true);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  await t.page.context().setOffline(false);
  assert.ok(await t.page.evaluate(alive));
});
