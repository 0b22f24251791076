// Video calls between two tabs, through a real Janus.
import assert from "node:assert/strict";
import { open } from "./browser.mjs";
import { nothingLeft, settled } from "./settled.mjs";
import { prepare, setUp, test } from "./setup.mjs";

const t = setUp();
let bob; // a second tab

/** A test with two who are registered, ann in t.page and bob in another tab. */
function between(name, body) {
  test(name, async () => {
    bob = await open(t.browser, t.server.url);
    await bob.evaluate(prepare, { ws: t.janus.ws });
    const tabs = { ann: t.page, bob };
    try {
      for (const [name, page] of Object.entries(tabs)) {
        await page.evaluate(begin);
        await page.evaluate((name) => register(name), name);
      }
      await body();
    } finally {
      // The gateway forgets their names.
      for (const page of Object.values(tabs)) await page.evaluate(() => globalThis.me?.client.close());
      await bob.context().close();
    }
    assert.deepEqual(bob.complaints, []);
  });
}

/** Runs in the page: the helpers of one who calls and is called. */
async function begin() {
  const { Codes } = await import("/dist/plugins/videocall.js");
  const program = await bifrons.init();
  /** Attaches under a name, and keeps what was told. */
  const user = async (name) => {
    const client = await program.dial(urls.ws);
    const session = await client.newSession();
    const call = await session.attach(bifrons.VideoCall);
    const log = [];
    const tracks = [];
    let wake = () => {};
    call.on("*", (event) => (log.push(event), wake()));
    /** Waits for an event, which is not seen again. */
    const told = async (kind, right = () => true) => {
      for (;;) {
        const i = log.findIndex((event) => event.kind === kind && right(event));
        if (i >= 0) return log.splice(i, 1)[0];
        await new Promise((resolve) => (wake = resolve));
      }
    };
    if (name) await call.register(name);
    return { client, session, call, log, told, tracks };
  };
  const colour = (hue) => {
    const canvas = element("canvas");
    const context = canvas.getContext("2d");
    let turn = 0;
    setInterval(() => {
      context.fillStyle = `hsl(${hue} 100% ${30 + (turn++ % 10) * 3}%)`;
      context.fillRect(0, 0, canvas.width, canvas.height);
    }, 40);
    return program.capture(canvas);
  };
  Object.assign(globalThis, {
    Codes,
    program,
    user,
    colour,
    register: async (name) => void (globalThis.me = await user(name)),
    /** A peer that sends camera and microphone. */
    newPeer: async () => {
      me.peer = await me.call.newPeer();
      me.sources = (await program.device({ audio: true, video: true, width: 320, height: 240 })).sources;
      for (const source of me.sources) await me.peer.add(source);
      return me.peer;
    },
    /** Waits for the other's picture, and counts how many of some are different. */
    sees: async (right) => {
      const { track } = await me.told("media.track", ({ track }) => track.kind === "video" && (!right || track.mid === right));
      const video = element("video");
      await track.attach(await program.element(video));
      await loaded(video);
      return differing(video, 8);
    },
    hears: async () => {
      await me.told("media.track", ({ track }) => track.kind === "audio");
      for (;;) {
        const { streams } = await me.peer.stats();
        if (streams.some((s) => s.kind === "audio" && !s.sent && s.bytes > 0)) return true;
      }
    },
  });
}

/** Has ann call bob, who accepts; both have what the other sends. */
async function connect() {
  await t.page.evaluate(async () => me.call.call("bob", await newPeer()));
  await bob.evaluate(async () => me.call.accept(await me.told("videocall.incoming"), await newPeer()));
  await t.page.evaluate(() => me.told("videocall.accepted"));
}

between("a call: pictures move both ways, settings, and its end", async () => {
  assert.deepEqual((await t.page.evaluate(() => me.call.list())).sort(), ["ann", "bob"]);
  await connect();
  const [anns, bobs] = await Promise.all([t.page, bob].map((page) => page.evaluate(async () => [await sees(), await hears()])));
  assert.ok(anns[0] > 2 && bobs[0] > 2, `${anns} and ${bobs} different pictures`);
  const got = await t.page.evaluate(async () => {
    await me.call.set({ bitrate: 128_000, audio: true });
    const nothing = await thrown(me.call.set({}));
    await me.call.end({ reason: "tea is ready" });
    const hangup = await me.told("hangup");
    const why = await me.peer.closed;
    await me.call.end(); // nothing to end
    return { nothing: nothing.kind, hangup: hangup.kind, why: why?.kind };
  });
  assert.deepEqual(got, { nothing: "argument", hangup: "hangup", why: "closed" });
  const ended = await bob.evaluate(async () => {
    const { username, reason } = await me.told("videocall.ended");
    await me.told("hangup");
    return { username, reason };
  });
  assert.deepEqual(ended, { username: "ann", reason: "tea is ready" });
});

between("a call is accepted in the loop that got it", async () => {
  const loop = bob.evaluate(async () => {
    const seen = [];
    for await (const event of me.call) {
      if (event.kind === "videocall.incoming") {
        seen.push(event.username, event.jsep.type);
        await me.call.accept(event, await newPeer());
      }
      if (event.kind === "webrtcup") seen.push("up");
      if (event.kind === "videocall.ended") await me.call.end();
      if (event.kind === "hangup") return [...seen, "over"];
    }
  });
  const up = await t.page.evaluate(async () => {
    let accepted;
    const loop = (async () => {
      for await (const event of me.call) {
        if (event.kind === "videocall.accepted") accepted = [event.username, event.jsep.type, event.err];
        if (event.kind === "webrtcup") return accepted;
      }
    })();
    await me.call.call("bob", await newPeer());
    const got = await loop;
    await sees();
    await me.call.end();
    return got;
  });
  assert.deepEqual(up, ["bob", "answer", undefined]);
  assert.deepEqual(await loop, ["ann", "offer", "up", "over"]);
});

between("declined, given up, busy, and what is refused", async () => {
  await t.page.evaluate(async () => me.call.call("bob", await newPeer()));
  await bob.evaluate(async () => {
    const { username } = await me.told("videocall.incoming");
    await me.call.decline({ reason: `not now, ${username}` });
  });
  const declined = await t.page.evaluate(async () => {
    const { reason } = await me.told("videocall.ended", ({ username }) => username === "bob");
    await me.told("hangup");
    return reason;
  });
  assert.equal(declined, "not now, ann");

  await t.page.evaluate(async () => {
    await me.call.call("bob", await newPeer());
  });
  await bob.evaluate(async () => void (me.incoming = await me.told("videocall.incoming")));
  await t.page.evaluate(() => me.call.end());
  const late = await bob.evaluate(async () => {
    await me.told("videocall.ended");
    await me.told("hangup");
    const peer = await me.call.newPeer();
    const error = await thrown(me.call.accept(me.incoming, peer));
    await peer.close();
    return { ...error, known: Codes.ErrNoCall };
  });
  assert.equal(late.code, late.known, late.message);

  await connect();
  const got = await t.page.evaluate(async () => {
    const carl = await user("carl");
    const none = await user();
    const peer = async (call) => {
      const made = await call.newPeer();
      await made.receive("audio");
      return made;
    };
    const errors = {
      ErrUsernameTaken: await thrown(none.call.register("ann")),
      ErrRegisterFirst: await thrown(none.call.call("bob", await peer(none.call))),
      ErrAlreadyRegistered: await thrown(carl.call.register("carla")),
      ErrNoSuchUsername: await thrown(carl.call.call("nobody", await peer(carl.call))),
      ErrUseEchoTest: await thrown(carl.call.call("carl", await peer(carl.call))),
    };
    const busy = await thrown(carl.call.call("bob", await peer(carl.call)));
    const twice = await thrown(me.call.call("carl", await peer(me.call)));
    const nobody = await thrown(carl.call.call("", await peer(carl.call)));
    const noPeer = await thrown(carl.call.call("bob"));
    const aborted = await thrown(carl.call.list({ signal: AbortSignal.abort(new Error("enough")) }));
    await carl.client.close();
    await none.client.close();
    await me.call.end();
    return { errors, known: Codes, busy, kinds: [twice, nobody, noPeer].map(({ kind }) => kind), aborted };
  });
  for (const [name, error] of Object.entries(got.errors)) {
    assert.deepEqual([error.kind, error.code], ["plugin", got.known[name]], `${name}: ${error.message}`);
  }
  assert.equal(got.busy.kind, "busy", got.busy.message);
  assert.deepEqual(got.kinds, ["argument", "argument", "argument"]);
  assert.equal(got.aborted.message, "enough");
});

between("who sends sound alone sees the other's, whichever came first", async () => {
  await t.page.evaluate(async () => me.call.call("bob", await newPeer()));
  await bob.evaluate(async () => {
    me.peer = await me.call.newPeer();
    await me.peer.add((await program.device({ audio: true })).sources[0]);
    await me.call.accept(await me.told("videocall.incoming"), me.peer);
  });
  assert.ok((await bob.evaluate(() => sees())) > 2);
  await t.page.evaluate(() => me.call.end());
});

between("a screen is added, from either side, and ICE begins anew", async () => {
  await connect();
  await Promise.all([t.page, bob].map((page) => page.evaluate(() => sees())));
  await t.page.evaluate(async () => {
    const { sources } = await program.display();
    await me.peer.add(sources[0]);
    await me.call.renegotiate();
    const { err } = await me.told("videocall.updated");
    if (err) throw err;
  });
  assert.ok((await bob.evaluate(() => sees("2"))) > 0);
  await bob.evaluate(async () => {
    const { sources } = await colour(200);
    await me.peer.add(sources[0]);
    await me.call.renegotiate();
    const { err } = await me.told("videocall.updated", ({ jsep }) => jsep.type === "answer");
    if (err) throw err;
  });
  assert.ok((await t.page.evaluate(() => sees("2"))) > 2);
  for (const page of [t.page, bob]) {
    const bytes = await page.evaluate(async () => {
      await me.call.restart();
      await me.told("videocall.updated", ({ jsep }) => jsep.type === "answer");
      const before = (await me.peer.stats()).bytesReceived;
      for (;;) {
        const { bytesReceived } = await me.peer.stats();
        if (bytesReceived > before + 20_000) return bytesReceived - before;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
    assert.ok(bytes > 20_000);
  }
  await t.page.evaluate(() => me.call.end());
});

between("nothing is left behind", async () => {
  const { page } = t;
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  await bob.evaluate(() => {
    me.call.on("videocall.incoming", async (event) => me.call.accept(event, await me.call.newPeer()));
  });
  const cycle = (number) =>
    page.evaluate(async (number) => {
      const carl = await user(`carl${number}`);
      const peer = await carl.call.newPeer();
      const { sources } = await program.device({ video: true });
      await peer.add(sources[0]);
      await carl.call.call("bob", peer);
      await carl.told("webrtcup");
      await carl.call.end();
      await carl.told("hangup");
      await sources[0].close();
      await carl.client.close();
    }, number);
  for (const number of [1, 2]) await cycle(number);
  const before = await settled(page, devtools);
  for (const number of [3, 4, 5]) await cycle(number);
  await nothingLeft(page, devtools, before);
});
