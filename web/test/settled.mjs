// What lives in a page and in its program, for tests of what is left behind.
import assert from "node:assert/strict";

const seconds = 60;
const counted = ["functions", "objects", "goroutines", "connections", "workers"];

/**
 * What there is once the garbage of both sides is gone: they keep each other's
 * alive for some turns, and the browser ends connections and workers in its own
 * time. Given what may be there, it waits until no more than that is, but not for
 * ever: a leak stays. devtools is a session of the page with Performance enabled.
 */
export async function settled(page, devtools, may) {
  let last;
  const end = performance.now() + seconds * 1000;
  for (let still = 0; performance.now() < end; ) {
    await devtools.send("HeapProfiler.collectGarbage");
    const usage = await page.evaluate(async () => (await bifrons.init()).usage({ collect: true }));
    const { metrics } = await devtools.send("Performance.getMetrics");
    const { RTCPeerConnections: connections, WorkerGlobalScopes: workers } = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
    const { usedSize: script } = await devtools.send("Runtime.getHeapUsage");
    const now = { ...usage, script, connections, workers };
    const same = last && [...counted, "values"].every((name) => now[name] === last[name]);
    still = same ? still + 1 : 0;
    last = now;
    if (still >= 3 && (!may || Object.entries(may).every(([name, most]) => now[name] <= most))) break;
  }
  return last;
}

/** Checks that the page has no more than it had, but for the margins by name; returns what it has. */
export async function nothingLeft(page, devtools, before, margins = {}) {
  const may = {};
  for (const name of counted) may[name] = before[name];
  for (const [name, margin] of Object.entries(margins)) may[name] = before[name] + margin;
  const after = await settled(page, devtools, may);
  for (const [name, most] of Object.entries(may)) {
    assert.ok(after[name] <= most, `${name}: ${before[name]} before, ${after[name]} after, ${most} are allowed`);
  }
  return after;
}

/** Waits until Janus has no sessions: it ends those of a connection in its own time. */
export async function noSessions(janus) {
  const end = performance.now() + 10_000;
  let sessions;
  do sessions = await janus.sessions();
  while (sessions.length > 0 && performance.now() < end);
  assert.deepEqual(sessions, []);
}
