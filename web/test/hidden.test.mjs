// A tab that nobody looks at, for longer than Janus keeps a session that says
// nothing. Browsers let the timers of such a tab run once a minute, which Chromium
// does after ten seconds here, and not where there is a peer connection. It takes
// 150 s of nothing: see scripts/test.mjs.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch } from "./browser.mjs";
import { startJanus } from "./janus.mjs";
import { serve } from "./server.mjs";
import { prepare } from "./setup.mjs";
import { openTab } from "./tab.mjs";

const hidden = 150_000;
const keepalive = 20_000; // a third of the session timeout
// A browser gives hidden pages less of a machine that is busy, too.
const late = process.env.BIFRONS_SOAK === "1" ? 1.2 : 2;
let browser, server, janus;

before(async () => {
  server = await serve();
  janus = await startJanus();
  browser = await launch("--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/10");
});

after(async () => {
  await browser?.close();
  server?.close();
  await janus?.stop();
});

/** Runs in a page: begins a session, and with it an echo where there are to be pictures. */
async function begin(pictures) {
  globalThis.running = { said: [], log: [] };
  const trace = (direction) => direction === "sent" && running.said.push(performance.now());
  Object.assign(running, await echoTest({ trace }));
  const { program, session, echo, log } = running;
  for (const of of [session, echo]) of.on("*", ({ kind }) => log.push(kind));
  if (!pictures) return;
  running.video = element("video");
  const sink = await program.element(running.video);
  const peer = await echo.newPeer();
  const { sources } = await program.device({ audio: true, video: true });
  for (const source of sources) await peer.add(source);
  echo.on("media.track", ({ track }) => track.attach(sink));
  await echo.start({}, peer);
  await loaded(running.video);
}

/** Runs in a page: whether the session answers, and what became of it. */
async function end() {
  const { session, video, said, log } = running;
  const times = [...said, performance.now()];
  await session.attach(bifrons.EchoTest).then((handle) => handle.detach());
  return {
    gap: Math.max(...times.slice(1).map((at, i) => at - times[i])),
    moving: video ? await differing(video, 10) : 0,
    losses: log.filter((kind) => /timeout|hangup|interrupted|resumed|ended/.test(kind)),
  };
}

/** Opens a tab, which nobody looks at for a while. */
async function hide(pictures) {
  const page = await openTab(browser, server.url);
  await page.evaluate(prepare, { ws: janus.ws });
  await page.evaluate(begin, pictures);
  await page.behind(async () => {
    assert.equal(await page.evaluate(() => document.visibilityState), "hidden");
    await new Promise((resolve) => setTimeout(resolve, hidden));
  });
  const got = { ...(await page.evaluate(end)), complaints: page.complaints };
  await page.close();
  return got;
}

test("a page that nobody looks at for 150 s keeps its session and its pictures", { timeout: 2 * hidden }, async () => {
  const [bare, echo] = await Promise.all([hide(false), hide(true)]);
  for (const { losses, complaints } of [bare, echo]) assert.deepEqual([losses, complaints], [[], []]);
  assert.ok(echo.moving > 2, `${echo.moving} pictures`);
  for (const { gap } of [bare, echo]) assert.ok(gap <= late * keepalive, `${Math.round(gap)} ms of silence`);
});
