// What lives in a page and in its program, for tests of what is left behind.

/**
 * What there is once the garbage of both sides is gone: they keep each other's
 * alive for some turns. devtools is a session of the page with Performance enabled.
 */
export async function settled(page, devtools) {
  let last;
  for (let still = 0, turns = 0; still < 3 && turns < 30; turns++) {
    await devtools.send("HeapProfiler.collectGarbage");
    const usage = await page.evaluate(async () => (await bifrons.init()).usage({ collect: true }));
    const { metrics } = await devtools.send("Performance.getMetrics");
    const { RTCPeerConnections: connections, WorkerGlobalScopes: workers } = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
    const { usedSize: script } = await devtools.send("Runtime.getHeapUsage");
    const now = { ...usage, script, connections, workers };
    const same = last && ["functions", "objects", "goroutines", "values", "connections", "workers"].every((name) => now[name] === last[name]);
    still = same ? still + 1 : 0;
    last = now;
  }
  return last;
}
