// bifrons/testing: the same bodies in Node and in Chromium, and what only one of
// the two can show.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { launch, open } from "./browser.mjs";
import { dist, serve } from "./server.mjs";

/** By what they show: the body, which crosses to the page as text, and what it returns. */
const bodies = {
  "a plugin answers": [
    async ({ TestGateway, JanusError, thrown }) => {
      const gateway = await TestGateway.start();
      await gateway.plugin("janus.plugin.parrot", async ({ body, jsep, opaqueId }) => {
        if (body.fail === "plugin") throw { code: 426, reason: "no such cage" };
        if (body.fail === "error") throw Object.assign(new Error("cage is shut"), { code: 427 });
        if (body.fail === "gateway") throw new JanusError({ kind: "gateway", code: 465, message: "Invalid SDP" });
        if (body.fail === "bug") return body.missing.field;
        if (body.fail === "shape") return { said: body.fail };
        return { data: { said: body.say, to: opaqueId }, jsep, async: jsep !== undefined };
      });
      const session = await (await gateway.dial()).newSession();
      const handle = await session.attach("janus.plugin.parrot", { opaqueId: "me" });
      const lines = ["v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=fingerprint:sha-256 00", "m=audio 9 UDP/TLS/RTP/SAVPF 111", "a=mid:0", ""];
      const sdp = lines.join("\r\n");
      const result = {
        sync: await handle.request({ say: "hello" }),
        large: (await handle.request({ say: 2n ** 60n })).data.said,
        async: await handle.request({ say: "hello" }, { jsep: { type: "offer", sdp } }),
        refused: [],
      };
      for (const fail of ["plugin", "error", "gateway", "bug", "shape"]) {
        const { kind, code, reason } = await thrown(handle.request({ fail }));
        result.refused.push([kind, code, reason.replace(/:.*/, "")]);
      }
      await gateway.plugin("janus.plugin.parrot", undefined);
      result.removed = (await thrown(session.attach("janus.plugin.parrot"))).code;
      await gateway.close();
      result.large = Number(result.large) === 2 ** 60; // Node 20 does not say how a number was written
      result.async.jsep = result.async.jsep.type;
      return result;
    },
    {
      sync: { data: { said: "hello", to: "me" }, async: false },
      large: true,
      async: { data: { said: "hello", to: "me" }, async: true, jsep: "offer" },
      refused: [
        ["plugin", 426, "no such cage"],
        ["plugin", 427, "cage is shut"],
        ["gateway", 465, "Invalid SDP"],
        ["gateway", 462, "TypeError"],
        ["gateway", 462, "a plugin of a TestGateway returns { data, jsep, async, hint } or nothing"],
      ],
      removed: 460,
    },
  ],

  "a plugin replies later, and notices when nobody waits": [
    async ({ TestGateway }) => {
      const gateway = await TestGateway.start();
      const heard = [];
      let asked;
      const wait = new Promise((resolve) => (asked = resolve));
      await gateway.plugin("janus.plugin.phone", async (message) => {
        if (message.body.request === "call") return void message.reply({ state: "ringing" }).then(() => message.event({ state: "up" }));
        asked();
        await new Promise((end) => message.signal.addEventListener("abort", end));
        heard.push("aborted");
      });
      const session = await (await gateway.dial()).newSession();
      const handle = await session.attach("janus.plugin.phone");
      const { data } = await handle.request({ request: "call" });
      const up = await handle.next();
      const waiting = handle.request({ request: "wait" }).catch(() => "refused");
      await wait;
      await gateway.detach(handle);
      heard.push(data.state, up.data.state, await waiting);
      await gateway.close();
      return heard;
    },
    ["aborted", "ringing", "up", "refused"],
  ],

  "events arrive, in order, until the handle is gone": [
    async ({ TestGateway, EchoTest }) => {
      const gateway = await TestGateway.start();
      const session = await (await gateway.dial()).newSession();
      const echo = await session.attach(EchoTest);
      await gateway.push(echo, "webrtcup");
      await gateway.event(echo, { news: 1 });
      await gateway.event({ session: session.id, handle: echo.id }, { news: 2 });
      await gateway.hangup(echo, "enough");
      await gateway.detach(echo);
      const heard = [];
      for await (const event of echo) heard.push([event.kind, event.data?.news ?? event.reason]);
      const handles = await gateway.handles(session);
      await gateway.close();
      return [heard, handles];
    },
    [[["webrtcup", undefined], ["event", 1], ["event", 2], ["hangup", "enough"], ["echotest.done", undefined], ["detached", undefined]], []],
  ],

  "tokens are refused and allowed": [
    async ({ TestGateway, thrown }) => {
      const gateway = await TestGateway.start({ tokens: { good: ["janus.plugin.echotest"] } });
      const session = async (credentials) => (await gateway.dial({ credentials })).newSession();
      const refused = [(await thrown(session({ token: "bad" }))).code, (await thrown(session(undefined))).code];
      const allowed = await session(async () => ({ token: "good" }));
      await gateway.plugin("janus.plugin.other", () => {});
      await gateway.removeToken("good");
      await gateway.addToken("new");
      const removed = (await thrown(allowed.attach("janus.plugin.echotest"))).code;
      await (await session({ token: "new" })).attach("janus.plugin.other");
      await gateway.close();
      return { refused, removed };
    },
    { refused: [403, 403], removed: 403 },
  ],

  "a lost connection heals": [
    async ({ TestGateway, EchoTest }) => {
      const result = [];
      for (const reclaimTimeout of [0, 60_000]) {
        const gateway = await TestGateway.start({ reclaimTimeout });
        const client = await gateway.dial({ reconnect: { min: 1, max: 10 } });
        const session = await client.newSession();
        const echo = await session.attach(EchoTest);
        const { id } = echo;
        await gateway.refuse("the gateway is down");
        await gateway.drop();
        const interrupted = await echo.next();
        await gateway.refuse(undefined);
        const resumed = await echo.next();
        await echo.configure({ bitrate: 64_000 });
        result.push([interrupted.kind, resumed.kind, resumed.rebuilt, echo.id === id]);
        await gateway.close();
      }
      return result;
    },
    [
      ["interrupted", "resumed", true, false],
      ["interrupted", "resumed", false, true],
    ],
  ],

  "faults": [
    async ({ TestGateway, EchoTest, thrown }) => {
      const gateway = await TestGateway.start();
      await gateway.refuse("the gateway is down");
      const refused = await thrown(gateway.dial());
      await gateway.refuse(undefined);
      const client = await gateway.dial();
      await gateway.fail("create", 472, 403);
      const failed = [await thrown(client.newSession()), await thrown(client.newSession())];
      const session = await client.newSession();
      const echo = await session.attach(EchoTest);
      await gateway.silence("message");
      const silent = await thrown(echo.request({ bitrate: 1 }, { timeoutMs: 20 }));
      await gateway.silence();
      await gateway.delay(30);
      const start = performance.now();
      await client.ping();
      const delayed = performance.now() - start >= 29;
      await gateway.delay(0);
      await gateway.eventBeforeAck(true);
      await echo.configure({ bitrate: 2 });
      await gateway.pushRaw("{");
      const other = await client.newSession();
      const expired = [await gateway.expire(other), await gateway.expire(12345)];
      const timeout = await other.next();
      const left = (await gateway.sessions()).length;
      await gateway.close();
      const down = await thrown(client.ping());
      const codes = failed.map(({ kind, code }) => [kind, code]);
      return [refused.kind, /the gateway is down/.test(refused.message), codes, silent.kind, delayed, timeout.kind, expired, left, down.kind];
    },
    ["transport", true, [["gateway", 472], ["gateway", 403]], "timeout", true, "timeout", [true, false], 1, "closed"],
  ],

  "faults of certain frames": [
    async ({ TestGateway, thrown }) => {
      const gateway = await TestGateway.start({ reclaimTimeout: 60_000 });
      const client = await gateway.dial({ reconnect: { min: 1, max: 10 } });
      const session = await client.newSession();
      const { id } = session;
      await gateway.inject({ kind: "delay", direction: "to client", frame: 1, for: 30 }, { kind: "fail", frame: 2, code: 472 });
      const start = performance.now();
      await client.ping();
      const delayed = performance.now() - start >= 29;
      const failed = await thrown(client.newSession());
      await gateway.inject({ kind: "cut", frame: 1, after: true });
      await thrown(client.newSession());
      const claimed = [(await session.next()).kind, (await session.next()).kind, session.id === id];
      await gateway.drain(true);
      const drained = await thrown(client.newSession());
      await gateway.drain(false);
      await gateway.freeze();
      const frozen = await thrown(client.ping({ timeoutMs: 20 }));
      await gateway.thaw();
      await client.ping();
      await gateway.restart();
      const rebuilt = [(await session.next()).kind, (await session.next()).kind, session.id === id];
      await gateway.close();
      return [delayed, failed.code, claimed, drained.code, frozen.kind, rebuilt];
    },
    [true, 472, ["interrupted", "resumed", true], 472, "timeout", ["interrupted", "resumed", false]],
  ],

  "requests are recorded": [
    async ({ TestGateway, EchoTest }) => {
      const gateway = await TestGateway.start({ serverName: "mine" });
      const client = await gateway.dial();
      const name = (await client.info())["server-name"];
      const session = await client.newSession();
      const echo = await session.attach(EchoTest);
      await echo.configure({ bitrate: 64_000 });
      await session.destroy();
      const requests = (await gateway.requests()).filter(({ janus }) => janus !== "info");
      const same = requests.at(-1).session === requests[1].session && requests[2].handle === echo.id;
      await gateway.close();
      return [name, requests.map(({ janus, plugin, body }) => [janus, plugin, body]), same];
    },
    [
      "mine",
      [
        ["create", "", undefined],
        ["attach", "janus.plugin.echotest", undefined],
        ["message", "", { bitrate: 64_000 }],
        ["destroy", "", undefined],
      ],
      true,
    ],
  ],

  "closing leaves nothing behind": [
    async ({ TestGateway, EchoTest }) => {
      const first = await TestGateway.start();
      const usage = async () => {
        const { functions, goroutines } = await first.ask("usage", undefined, [true]);
        return { functions, goroutines };
      };
      const before = await usage();
      for (let i = 0; i < 3; i++) {
        const gateway = await TestGateway.start();
        await gateway.plugin("janus.plugin.stuck", ({ signal }) => new Promise((resolve) => signal.addEventListener("abort", () => resolve())));
        const client = await gateway.dial();
        const session = await client.newSession();
        const echo = await session.attach(EchoTest);
        echo.on("*", () => {});
        const stuck = (await session.attach("janus.plugin.stuck")).request({}).catch(() => {});
        await gateway.close();
        await gateway.close();
        await Promise.all([client.closed, session.closed, echo.closed, stuck]);
      }
      const now = await usage();
      await first.close();
      return JSON.stringify(now) === JSON.stringify(before) ? "nothing" : { before, now };
    },
    "nothing",
  ],
};

/** What bodies get beside the package. */
const thrown = (promise) => promise.then(() => ({ kind: "nothing was thrown" }), (error) => error);

for (const [name, [body, expected]] of Object.entries(bodies)) {
  test(`in Node: ${name}`, { timeout: 120_000 }, async () => {
    assert.deepEqual(await body({ ...(await import("bifrons")), ...(await import("bifrons/testing")), thrown }), expected);
  });
}

let browser, server;

before(async () => {
  [browser, server] = await Promise.all([launch(), serve()]);
});

after(async () => {
  await browser?.close();
  server?.close();
});

async function inPage(body, expected = () => false) {
  const page = await open(browser, server.url);
  const run = async ({ body, thrown }) => {
    const modules = await Promise.all([import("/dist/index.js"), import("/dist/testing.js")]);
    return (0, eval)(`(${body})`)({ ...modules[0], ...modules[1], thrown: (0, eval)(`(${thrown})`) });
  };
  const result = await page.evaluate(run, { body: String(body), thrown: String(thrown) });
  assert.deepEqual(page.complaints.filter((text) => !expected(text)), []);
  await page.context().close();
  return result;
}

for (const [name, [body, expected]] of Object.entries(bodies)) {
  test(`in Chromium: ${name}`, { timeout: 120_000 }, async () => assert.deepEqual(await inPage(body), expected));
}

test("Node ends when the gateway is closed, and not before", { timeout: 120_000 }, async () => {
  const script = `
    import { TestGateway } from "bifrons/testing";
    import { EchoTest } from "bifrons";
    const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
    const said = [];
    {
      const gateway = await TestGateway.start();
      const client = await gateway.dial();
      const session = await client.newSession();
      const echo = await session.attach(EchoTest);
      echo.on("hangup", () => {});
      said.push(timers());
      await gateway[Symbol.asyncDispose]();
    }
    said.push(timers());
    const waited = await TestGateway.start({ sessionTimeout: 50 });
    const session = await (await waited.dial({ keepAlive: -1 })).newSession();
    said.push((await session.next()).kind); // nothing but the gateway keeps Node waiting
    await waited.close();
    console.log(JSON.stringify(said));
  `;
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], { cwd });
  assert.deepEqual(JSON.parse(stdout), [1, 0, "timeout"]);
});

test("what cannot be loaded says what to do", async () => {
  const { TestGateway } = await import("bifrons/testing");
  const missing = await thrown(TestGateway.start({ wasmUrl: new URL("missing.wasm", import.meta.url) }));
  assert.equal(missing.kind, "load");
  assert.match(missing.message, /missing\.wasm cannot be loaded: ENOENT.*TestGateway\.start\(\{ wasmUrl \}\)/);

  const notFound = ({ TestGateway, thrown }) => thrown(TestGateway.start({ wasmUrl: "/missing.wasm" })).then(({ message }) => message);
  const message = await inPage(notFound, (text) => /Failed to load resource/.test(text));
  assert.match(message, /404; bifrons-testing\.wasm has to be served.*dist\/bifrons-testing\.wasm.*TestGateway\.start\(\{ wasmUrl: "\/bifrons-testing\.wasm" \}\)/);

  const aborted = await thrown(TestGateway.start({ signal: AbortSignal.abort(new Error("enough")) }));
  assert.equal(aborted.message, "enough");
});

test("what an application loads has nothing of it", async () => {
  const name = /gateway\.start|janustest/;
  assert.doesNotMatch(await readFile(`${dist}bifrons.wasm`, "latin1"), name);
  assert.match(await readFile(`${dist}bifrons-testing.wasm`, "latin1"), name);
  const index = await readFile(`${dist}index.js`, "utf8");
  const imports = [...index.matchAll(/from "(\.\/.*?)"/g)].map(([, file]) => file);
  assert.ok(imports.length > 0);
  for (const file of ["index.js", "bifrons.global.js", ...imports]) assert.doesNotMatch(await readFile(dist + file, "utf8"), name);
});
