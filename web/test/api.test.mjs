// Signalling in Chromium, against a real Janus.
import assert from "node:assert/strict";
import { setUp, test } from "./setup.mjs";

const t = setUp();

for (const scheme of ["ws", "http"]) {
  test(`dial, ask, attach, leave: ${scheme}`, async () => {
    const got = await t.page.evaluate(async (scheme) => {
      const program = await bifrons.init();
      const client = await program.dial(new URL(urls[scheme]));
      const info = await client.info();
      const ping = await client.ping();
      const session = await client.newSession();
      const handle = await session.attach("janus.plugin.videoroom", { opaqueId: "me" });
      const list = await handle.request({ request: "list" });
      await handle.detach();
      await handle.detach();
      await session.destroy();
      await client.close();
      await client.close();
      const ends = [await client.closed, await session.closed, await handle.closed];
      return { info: info.name, plugin: info.plugins["janus.plugin.echotest"].name, ping, id: session.id, list, ends };
    }, scheme);
    assert.equal(got.info, "Janus WebRTC Server");
    assert.equal(got.plugin, "JANUS EchoTest plugin");
    assert.ok(got.ping > 0 && got.ping < 5000);
    assert.ok(Number.isSafeInteger(got.id));
    assert.equal(got.list.data.videoroom, "success");
    assert.equal(got.list.async, false);
    assert.deepEqual(got.ends, [undefined, undefined, undefined]);
    assert.ok(!(await t.janus.sessions()).includes(got.id));
  });
}

test("await using gives everything back", async () => {
  const id = await t.page.evaluate(async () => {
    const program = await bifrons.init();
    const client = await program.dial(urls.ws);
    const session = await client.newSession();
    const handle = await session.attach(bifrons.EchoTest);
    for (const object of [handle, session, client]) await object[Symbol.asyncDispose]();
    return session.id;
  });
  assert.ok(!(await t.janus.sessions()).includes(id));
});

test("nothing is left on the global object", async () => {
  const [before, after] = await t.page.evaluate(async () => {
    const before = Reflect.ownKeys(globalThis).map(String);
    const { client } = await echoTest();
    await client.close();
    return [before, Reflect.ownKeys(globalThis).map(String)];
  });
  assert.deepEqual(after, before);
});

test("what the page has of Node's stays as it was", async () => {
  const got = await t.page.evaluate(async () => {
    const mine = { env: {} };
    Object.assign(globalThis, { process: mine, fs: "mine" });
    const { client } = await echoTest();
    await client.close();
    return [globalThis.process === mine, globalThis.fs, "path" in globalThis];
  });
  assert.deepEqual(got, [true, "mine", false]);
});

test("errors say what they are", async () => {
  const got = await t.page.evaluate(async () => {
    const { program, client, session, echo } = await echoTest();
    const controller = new AbortController();
    const aborted = thrown(session.next({ signal: controller.signal }));
    const given = thrown(echo.request({ audio: true }, { signal: AbortSignal.timeout(1), timeoutMs: 60_000 }));
    const channel = await (await echo.newPeer()).openData("never opened");
    const inside = thrown(channel.opened({ signal: controller.signal }));
    controller.abort(new Error("enough"));
    const errors = {
      scheme: await thrown(program.dial("foo://x")),
      refused: await thrown(program.dial("ws://127.0.0.1:1/", { timeoutMs: 5000 })),
      core: await thrown(session.attach("janus.plugin.nothing")),
      plugin: await thrown(echo.request({ bitrate: "fast" })),
      empty: await thrown(echo.configure({})),
      typed: await thrown(echo.configure({ bitrate: "fast" })),
      timeout: await thrown(session.next({ timeoutMs: 20 })),
      deep: await thrown(echo.start({}, await echo.newPeer(), { timeoutMs: 0 })),
      aborted: await aborted,
      inside: await inside,
      already: await thrown(client.info({ signal: AbortSignal.abort(new Error("before")) })),
      milliseconds: await thrown(client.info({ timeoutMs: -5 })),
      wrong: await thrown(echo.ask("echotest.start", {}, [session])),
      unknown: await thrown(echo.ask("echotest.dance")),
    };
    await given;
    await client.close();
    errors.closed = await thrown(client.info());
    errors.orphan = await thrown(echo.request({}));
    return errors;
  });
  const expect = {
    scheme: { kind: "argument", op: "client.dial" },
    refused: { kind: "transport", op: "client.dial", retryable: true },
    core: { kind: "gateway", code: 460, op: "session.attach", retryable: false },
    plugin: { kind: "plugin", code: 413, plugin: "janus.plugin.echotest", op: "handle.request" },
    empty: { kind: "argument" },
    typed: { kind: "argument", op: "echotest.configure" },
    timeout: { kind: "timeout" },
    deep: { kind: "timeout" },
    aborted: { message: "enough", name: "Error" },
    inside: { message: "enough", name: "Error" },
    already: { message: "before" },
    milliseconds: { kind: "argument" },
    wrong: { kind: "argument" },
    unknown: { kind: "argument" },
    closed: { kind: "closed" },
    orphan: { kind: "closed" },
  };
  for (const [name, fields] of Object.entries(expect)) {
    for (const [field, value] of Object.entries(fields)) {
      assert.equal(got[name][field], value, `${name}: ${field} of ${JSON.stringify(got[name])}`);
    }
    if (fields.kind) assert.equal(got[name].name, "JanusError", name);
  }
  assert.match(got.core.fix, /echotest/);
  t.page.complaints = t.page.complaints.filter((text) => !text.includes("ws://127.0.0.1:1/"));
});

test("credentials and trace", async () => {
  const got = await t.page.evaluate(async () => {
    const program = await bifrons.init();
    const wire = [];
    let asked = 0;
    const client = await program.dial(urls.ws, {
      credentials: async () => ({ token: `secret${++asked}` }),
      trace: (...seen) => wire.push(seen),
    });
    await client.newSession();
    await client.close();
    const refused = await thrown(
      program.dial(urls.ws, {
        credentials: () => {
          throw new TypeError("no idea");
        },
      }),
    );
    return { asked, wire, refused };
  });
  assert.equal(got.asked, 1);
  assert.ok(got.wire.some(([direction, text]) => direction === "sent" && text.includes('"token":"***"')), JSON.stringify(got.wire));
  assert.ok(got.wire.some(([direction, text]) => direction === "received" && text.includes("success")));
  assert.match(got.refused.message, /no idea/);
});

test("events: loops, listeners, and next", async () => {
  const got = await t.page.evaluate(async () => {
    const { client, echo } = await echoTest();
    // A peer that closes is one event.
    const happen = async () => (await echo.newPeer()).close();
    await happen(); // kept for whoever comes first
    const heard = [];
    const off = echo.on("media.state", (event) => heard.push(event.kind));
    echo.on("*", () => {
      throw new Error("a listener's own");
    });
    const loops = [0, 0];
    const loop = async (i) => {
      for await (const event of echo) {
        if (event.kind === "media.state") loops[i]++;
        if (loops[i] === 3) break;
      }
    };
    const errors = [];
    addEventListener("error", (event) => {
      errors.push(event.message);
      event.preventDefault();
    });
    const both = Promise.all([loop(0), loop(1)]);
    await happen();
    await happen();
    await both;
    off();
    const next = echo.next();
    await happen();
    const controller = new AbortController();
    const stopped = thrown(echo.events({ signal: controller.signal }).next());
    controller.abort(new Error("enough"));
    const rest = (async () => {
      const kinds = [];
      for await (const event of echo) kinds.push(event.kind);
      return kinds;
    })();
    await echo.detach();
    let ended = "nothing was thrown";
    while (ended === "nothing was thrown") ended = await thrown(echo.next()); // a last event may come first
    await client.close();
    return { heard, loops, errors: errors.length, next: await next, rest: await rest, ended, stopped: await stopped };
  });
  assert.equal(got.heard.length, 3);
  assert.deepEqual(got.loops, [3, 3]);
  assert.ok(got.errors >= 3);
  assert.equal(got.next.kind, "media.state");
  assert.ok(got.next.handle > 0 && got.next.session > 0);
  assert.equal(got.ended.kind, "detached");
  assert.equal(got.stopped.message, "enough");
});

test("a gateway that comes back is found again", async () => {
  await t.page.exposeFunction("restart", async () => {
    await t.janus.command("kill");
    await t.janus.command("restart");
  });
  const got = await t.page.evaluate(async () => {
    const { client, session, echo } = await echoTest({ reconnect: { min: 50, max: 200, budget: 60_000 } });
    const before = [session.id, echo.id];
    const heard = [];
    session.on("resumed", () => {});
    const loop = (async () => {
      for await (const event of echo) {
        heard.push(event);
        if (event.kind === "resumed") return;
      }
    })();
    restart();
    await loop;
    await echo.configure({ bitrate: 64_000 });
    const after = [session.id, echo.id];
    await client.close();
    return { before, after, heard };
  });
  const [interrupted, resumed] = got.heard;
  assert.equal(interrupted.kind, "interrupted");
  assert.equal(resumed.rebuilt, true);
  assert.notEqual(got.after[1], got.before[1]);
  assert.notEqual(got.after[0], got.before[0]);
  t.page.complaints = t.page.complaints.filter((text) => !text.includes("WebSocket connection"));
});

test("the states of a client, from the dial to the end", async () => {
  await t.page.exposeFunction("restart", async () => {
    await t.janus.command("kill");
    await t.janus.command("restart");
  });
  const got = await t.page.evaluate(async () => {
    const { client, echo } = await echoTest({ reconnect: { min: 50, max: 200, budget: 60_000 } });
    const seen = [];
    const [dialed, found] = [Promise.withResolvers(), Promise.withResolvers()];
    const follow = (async () => {
      for await (const state of client.states()) {
        seen.push({ ...state, cause: plain(state.cause) });
        if (state.phase !== "open") continue;
        if (state.rebuilt > 0) found.resolve();
        else dialed.resolve();
      }
    })();
    await dialed.promise;
    const controller = new AbortController();
    const stopped = thrown((async () => {
      for await (const { phase } of client.states({ signal: controller.signal })) {
        if (phase === "open") controller.abort(new Error("enough"));
      }
    })());
    const asked = Date.now();
    restart();
    await found.promise;
    await echo.configure({ bitrate: 64_000 });
    const slow = client.states();
    const first = (await slow.next()).value.phase;
    await client.close();
    await follow;
    const rest = [];
    for await (const { phase } of slow) rest.push(phase);
    const late = await client.states().next();
    return { seen, asked, stopped: await stopped, first, rest, late: late.value.phase };
  });
  const phases = got.seen.map(({ phase }) => phase);
  assert.deepEqual(phases.slice(0, 3), ["connecting", "open", "reconnecting"]);
  assert.deepEqual(phases.slice(-3), ["reconnecting", "open", "closed"]);
  assert.deepEqual(got.seen.map(({ seq }) => seq), got.seen.map((_, i) => i + 1), "none is missed");
  const [, open, lost] = got.seen;
  assert.equal(open.url, t.janus.ws);
  assert.deepEqual([open.resumed, open.rebuilt, open.lost, open.next, open.cause], [0, 0, 0, 0, undefined]);
  assert.equal(lost.attempt, 1);
  assert.ok(lost.next >= got.asked, `the try is due at ${lost.next}, after ${got.asked}`);
  assert.equal(lost.cause.name, "JanusError");
  const [back, closed] = got.seen.slice(-2);
  assert.deepEqual([back.resumed, back.rebuilt, back.lost], [0, 1, 0]);
  assert.equal(closed.cause.kind, "closed");
  assert.equal(got.stopped.message, "enough");
  assert.equal(got.first, "connecting");
  assert.deepEqual(got.rest, ["closed"]);
  assert.equal(got.late, "closed");
  t.page.complaints = t.page.complaints.filter((text) => !text.includes("WebSocket connection"));
});

test("a client moves to another connection, and nothing is interrupted", async () => {
  const got = await t.page.evaluate(async () => {
    const { client, session, echo } = await echoTest();
    const ids = () => [session.id, echo.id];
    const before = ids();
    const heard = [];
    echo.on("interrupted", ({ kind }) => heard.push(kind));
    const resumed = new Promise((resolve) => echo.on("resumed", resolve));
    const refused = await thrown(client.move("ws://127.0.0.1:1/"));
    const scheme = await thrown(client.move("foo://x"));
    await echo.configure({ bitrate: 64_000 });
    await client.move(urls.http);
    const { rebuilt } = await resumed;
    await echo.configure({ bitrate: 128_000 });
    await client.move(urls.ws);
    await echo.configure({ bitrate: 64_000 });
    const after = ids();
    const urlsSeen = new Set();
    const loop = (async () => {
      for await (const { phase, url } of client.states()) if (phase === "open") urlsSeen.add(url);
    })();
    await client.close();
    await loop;
    return { before, after, heard, rebuilt, refused, scheme, urls: [...urlsSeen] };
  });
  assert.deepEqual(got.after, got.before, "the gateway is the same, and so are session and handle");
  assert.deepEqual(got.heard, []);
  assert.equal(got.rebuilt, false);
  assert.equal(got.refused.kind, "transport");
  assert.equal(got.refused.op, "client.move");
  assert.equal(got.scheme.kind, "argument");
  assert.deepEqual(got.urls, [t.janus.ws, t.janus.http]);
  t.page.complaints = t.page.complaints.filter((text) => !text.includes("ws://127.0.0.1:1/"));
});

test("what a new connection has to wait for is bounded, and credentials stay at home", async () => {
  const got = await t.page.evaluate(async () => {
    const program = await bifrons.init();
    const insecure = await thrown(program.dial("ws://janus.test/", { credentials: { token: "secret" } }));
    const client = await program.dial("ws://127.0.0.1:1/", { servers: [urls.ws], sendBuffer: 4, allowInsecure: true });
    const { url } = (await Array.fromAsync(upTo(client.states(), "open"))).at(-1);
    await client.close();
    return { insecure, url };
    async function* upTo(states, phase) {
      for await (const state of states) {
        yield state;
        if (state.phase === phase) return;
      }
    }
  });
  assert.match(got.insecure.message, /unencrypted to ws:\/\/janus\.test/);
  assert.match(got.insecure.fix, /wss:/);
  assert.equal(got.url, t.janus.ws);
  t.page.complaints = t.page.complaints.filter((text) => !text.includes("ws://127.0.0.1:1/"));
});

test("a gateway that dies ends calls, loops and objects", async () => {
  await t.page.exposeFunction("ready", () => t.janus.command("kill"));
  const got = await t.page.evaluate(async () => {
    const { client, session, echo } = await echoTest({ reconnect: { off: true } });
    const kinds = [];
    const loop = (async () => {
      for await (const event of echo) kinds.push(event.kind);
    })();
    globalThis.ready();
    const why = plain(await client.closed);
    return { why, kinds, loop: await thrown(loop), call: await thrown(echo.request({})), session: plain(await session.closed) };
  });
  await t.janus.command("restart");
  assert.equal(got.why.name, "JanusError");
  assert.equal(got.loop.name, "JanusError");
  assert.ok(got.kinds.includes("interrupted"), String(got.kinds));
  assert.equal(got.call.name, "JanusError");
  assert.ok(got.session);
  t.page.complaints = t.page.complaints.filter((text) => !text.includes("WebSocket connection"));
});
