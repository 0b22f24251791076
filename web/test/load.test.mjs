// Loading, starting and what can go wrong with it, in Chromium.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { launch, open } from "./browser.mjs";
import { startJanus } from "./janus.mjs";
import { dist, serve } from "./server.mjs";
import { test } from "./setup.mjs";

const html = "<!doctype html><title>app</title><link rel=icon href=data:,>";
const wasm = await readFile(`${dist}bifrons.wasm`);
const binary = "application/wasm";
const worker = `
  import { init, EchoTest } from "/dist/index.js";
  onmessage = async ({ data: url }) => {
    try {
      const program = await init();
      const client = await program.dial(url);
      const session = await client.newSession();
      const echo = await session.attach(EchoTest);
      await echo.configure({ bitrate: 64000 });
      await session.destroy();
      await client.close();
      postMessage("done");
    } catch (error) {
      postMessage(String(error));
    }
  };
`;

let browser, server, janus;

before(async () => {
  const routes = {
    "/spa.wasm": { type: "text/html; charset=utf-8", body: html },
    "/text.wasm": { type: "text/plain", body: "once upon a time" },
    "/octets.wasm": { type: "application/octet-stream", body: wasm },
    "/gzip.wasm": { type: binary, body: gzipSync(wasm, { level: 1 }), headers: { "content-encoding": "gzip" } },
    "/raw.wasm.gz": { type: "application/gzip", body: gzipSync(wasm, { level: 1 }) },
    "/half.wasm": { type: binary, body: wasm.subarray(0, 100_000) },
    "/empty.wasm": { type: binary, body: wasm.subarray(0, 8) },
    "/worker.js": { type: "text/javascript", body: worker },
  };
  [browser, server, janus] = await Promise.all([launch("--js-flags=--expose-gc"), serve({ routes }), startJanus()]);
});

after(async () => {
  await browser?.close();
  server?.close();
  await janus?.stop();
});

/** Runs body in a page with the package in it; what it logs must be expected. */
async function inPage(body, argument, { url = server.url, expected = () => false } = {}) {
  const page = await open(browser, url);
  await page.evaluate(async () => {
    globalThis.bifrons = await import("/dist/index.js");
    globalThis.thrown = (promise) => promise.then(() => "nothing was thrown", (e) => ({ ...e, name: e.name, message: e.message }));
  });
  const result = await page.evaluate(body, argument);
  const complaints = page.complaints.filter((text) => !expected(text));
  await page.context().close();
  assert.deepEqual(complaints, []);
  return result;
}

test("what cannot be loaded says what to do", async () => {
  const got = await inPage(
    async () => {
      const load = (wasmUrl) => thrown(bifrons.init({ wasmUrl }));
      return {
        missing: await load("/missing.wasm"),
        spa: await load("/spa.wasm"),
        text: await load("/text.wasm"),
        raw: await load("/raw.wasm.gz"),
        half: await load("/half.wasm"),
        empty: await load("/empty.wasm"),
        down: await load("http://127.0.0.1:1/bifrons.wasm"),
        aborted: await thrown(bifrons.init({ signal: AbortSignal.abort(new Error("enough")) })),
        late: await thrown(bifrons.init({ signal: AbortSignal.timeout(1), wasmUrl: "/dist/bifrons.wasm?late" })),
      };
    },
    undefined,
    { expected: (text) => /Failed to load resource/.test(text) },
  );
  for (const [name, fix] of Object.entries({
    missing: /404.*copy node_modules\/bifrons\/dist\/bifrons\.wasm.*init\(\{ wasmUrl/,
    spa: /HTML page.*single-page.*copy node_modules/,
    text: /no WebAssembly but text\/plain.*copy/,
    raw: /compressed.*Content-Encoding/,
    half: /cannot be compiled.*copy the file again/,
    empty: /does not fit this script.*copy/,
    down: /cannot be fetched.*CORS.*connect-src/,
  })) {
    assert.equal(got[name].name, "JanusError", JSON.stringify(got[name]));
    assert.equal(got[name].kind, "load");
    assert.match(got[name].message, fix);
    assert.ok(got[name].message.includes(got[name].fix));
  }
  assert.equal(got.aborted.message, "enough");
  assert.equal(got.late.name, "TimeoutError");
});

test("other ways to serve it, and to hand it over", async () => {
  const got = await inPage(async (url) => {
    const ids = [];
    const use = async (options) => {
      const client = await (await bifrons.init(options)).dial(url);
      ids.push((await client.newSession()).id);
      await client.close();
    };
    await use({ wasmUrl: "/octets.wasm" });
    await use({ wasmUrl: new URL("/gzip.wasm", location.href) });
    const module = await WebAssembly.compileStreaming(fetch("/dist/bifrons.wasm"));
    await use({ module });
    const same = (await bifrons.init({ module })) === (await bifrons.init({ module }));
    const other = (await bifrons.init()) === (await bifrons.init({ module }));
    return { ids, same, other };
  }, janus.ws);
  assert.equal(new Set(got.ids).size, 3);
  assert.deepEqual([got.same, got.other], [true, false]);
});

test("two instances in one page do not hear of each other", async () => {
  const got = await inPage(async (url) => {
    const copy = await import("/dist/index.js?copy");
    const programs = await Promise.all([bifrons.init(), bifrons.init({ wasmUrl: "/dist/bifrons.wasm?2" }), copy.init()]);
    const run = async (program, { EchoTest }) => {
      const client = await program.dial(url);
      const session = await client.newSession();
      const echo = await session.attach(EchoTest);
      const peer = await echo.newPeer();
      const channel = await peer.openData("words");
      await echo.start({}, peer);
      const heard = [];
      for (let i = 0; i < 100; i++) {
        await channel.send(`${session.id} ${i}`);
        heard.push((await channel.receive()).slice(EchoTest.textPrefix.length));
      }
      await client.close();
      return heard.every((text, i) => text === `${session.id} ${i}`);
    };
    return [await Promise.all(programs.map((program, i) => run(program, i < 2 ? bifrons : copy))), new Set(programs).size];
  }, janus.ws);
  assert.deepEqual(got, [[true, true, true], 3]);
});

test("a worker can do it", async () => {
  const said = await inPage(
    (url) =>
      new Promise((resolve) => {
        const worker = new Worker("/worker.js", { type: "module" });
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = (event) => resolve(event.message);
        worker.postMessage(url);
      }),
    janus.ws,
  );
  assert.equal(said, "done");
});

for (const [name, script, fix] of [
  ["allowed by wasm-unsafe-eval", "'self' 'wasm-unsafe-eval'", undefined],
  ["forbidden without it", "'self'", /add 'wasm-unsafe-eval' to its script-src/],
]) {
  test(`Content-Security-Policy: ${name}`, async () => {
    const policy = `default-src 'none'; script-src ${script}; connect-src 'self' ws:; img-src data:`;
    const strict = await serve({ headers: { "content-security-policy": policy } });
    try {
      const got = await inPage(
        async (url) => {
          try {
            const client = await (await bifrons.init()).dial(url);
            await client.ping();
            await client.close();
          } catch (error) {
            return error.message;
          }
        },
        janus.ws,
        { url: strict.url, expected: (text) => fix && /Content Security Policy/.test(text) },
      );
      if (fix) assert.match(got, fix);
      else assert.equal(got, undefined);
    } finally {
      strict.close();
    }
  });
}

test("a panic is the error of one call", async () => {
  const got = await inPage(async (url) => {
    const program = await bifrons.init();
    const client = await program.dial(url);
    const sink = await program.element(document.body.appendChild(document.createElement("video")));
    const panic = await thrown(sink.setVolume("loud"));
    const ping = await client.ping();
    await client.close();
    return { panic, ping };
  }, janus.ws);
  assert.equal(got.panic.kind, "internal");
  assert.match(got.panic.message, /panic/);
  assert.ok(got.ping > 0);
});

test("what the page forgets, the program forgets", async () => {
  const got = await inPage(async (url) => {
    const program = await bifrons.init();
    const client = await program.dial(url);
    const session = await client.newSession();
    let handle = await session.attach(bifrons.EchoTest);
    const { ref } = handle.hold;
    const known = await client.runtime.call("handle.trickle", ref, []).then(() => true);
    handle = undefined;
    for (;;) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 10));
      const answer = await thrown(client.runtime.call("sender.mid", ref)); // says what is there, and changes nothing
      if (answer.kind === "closed") break;
    }
    const alive = await client.ping();
    await client.close();
    return { known, alive };
  }, janus.ws);
  assert.ok(got.known && got.alive > 0);
});

test("what plays a track lives as long as the track", async () => {
  const got = await inPage(async (url) => {
    const program = await bifrons.init();
    const client = await program.dial(url);
    const echo = await (await client.newSession()).attach(bifrons.EchoTest);
    const peer = await echo.newPeer();
    const { sources } = await program.device({ video: true });
    await peer.add(sources[0]);
    await echo.start({}, peer);
    const video = document.body.appendChild(document.createElement("video"));
    const attach = async () => {
      const sink = await program.element(video);
      for await (const event of echo) if (event.kind === "media.track") return event.track.attach(sink).then(() => sink.hold.ref);
    };
    const ref = await attach();
    for (let i = 0; i < 20; i++) {
      gc();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const same = (await program.element(video)).hold.ref === ref;
    await client.close();
    for (const source of sources) await source.close();
    return same;
  }, janus.ws);
  assert.equal(got, true);
});
