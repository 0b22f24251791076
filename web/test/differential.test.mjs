// The same scripts through janus.js, which every page that knows Janus knows,
// through Bifrons, in two pages at the same Janus, and as far as they go without
// media through janode, in Node: what the gateway has of all is the same after each
// step, and what goes wrong around all ends well for Bifrons. Debian's
// libjs-janus-gateway and libjs-webrtc-adapter have the first one. With
// BIFRONS_SOAK=1 with the failures that take a minute.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import * as node from "node:test";
import { isDeepStrictEqual } from "node:util";
import { launch } from "./browser.mjs";
import { janode } from "./janode.mjs";
import { adminOf } from "./janus.mjs";
import { build, patience } from "./programs.mjs";
import { dist, serve } from "./server.mjs";
import { prepare } from "./setup.mjs";
import { soon } from "./soon.mjs";
import { openTab } from "./tab.mjs";

const soak = process.env.BIFRONS_SOAK === "1";
let browser, programs;

before(async () => {
  programs = await build("stage");
  // Timers of a hidden tab soon run once a minute.
  browser = await launch("--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/10");
});

after(async () => {
  await browser?.close();
  await programs?.remove();
});

/** Runs in a page: the scripts by janus.js. */
async function theirs([server, token]) {
  await new Promise((callback) => Janus.init({ debug: false, callback }));
  const promised = (f) => new Promise((success, error) => f({ success, error: (reason) => error(new Error(String(reason))) }));
  let janus, handle, heard;
  const gone = [];
  globalThis.app = {
    gone: () => gone,
    session: () => janus.getSessionId(),
    connected: () => janus.isConnected(),
    reconnect: () => promised((callbacks) => janus.reconnect(callbacks)),
    connect: () => promised((callbacks) => (janus = new Janus({ server, token, ...callbacks }))),
    attach: async (plugin) => {
      const video = element("video");
      const onremotetrack = (track, _, on) => on && track.kind === "video" && Janus.attachMediaStream(video, new MediaStream([track]));
      const onmessage = (message, jsep) => {
        if (jsep) handle.handleRemoteJsep({ jsep, error: console.error });
        if (message.leaving) gone.push(message.leaving);
        heard?.(message);
      };
      handle = await promised((callbacks) => janus.attach({ plugin, onmessage, onremotetrack, ...callbacks }));
    },
    /** A message, and the event that answers it. */
    ask: (message, jsep) =>
      new Promise((resolve, error) => {
        heard = resolve;
        handle.send({ message, jsep, error });
      }),
    publish: async (message, recv) => {
      const tracks = ["audio", "video"].map((type) => ({ type, capture: true, recv }));
      await app.ask(message, await promised((callbacks) => handle.createOffer({ tracks, ...callbacks })));
    },
    hangup: async () => handle.hangup(),
    detach: () => promised((callbacks) => handle.detach(callbacks)),
    destroy: () => promised((callbacks) => janus.destroy(callbacks)),
    echo: () => app.publish({ audio: true, video: true }, true),
    configure: (settings) => app.ask({ request: "configure", ...settings }),
    join: (display, room = 1234) => app.ask({ request: "join", ptype: "publisher", room, display }),
    watch: async (room) => {
      await app.attach("janus.plugin.videoroom");
      await app.join("watcher", room);
    },
    send: () => app.publish({ request: "publish", audio: true, video: true }, false),
    unpublish: () => app.ask({ request: "unpublish" }),
    leave: () => app.ask({ request: "leave" }),
  };
}

/** Runs in a page: the same by Bifrons. */
async function ours([server]) {
  const program = await bifrons.init();
  const { EchoTest, Room, VideoRoom } = bifrons;
  const gone = [];
  let client, session, handle, publisher, sources;
  const peer = async (of) => {
    ({ sources } = await program.device({ audio: true, video: true }));
    const made = await of.newPeer();
    for (const source of sources) await made.add(source);
    return made;
  };
  globalThis.app = {
    gone: () => gone,
    session: () => session.id,
    connect: async () => {
      client = await program.dial(server, { credentials: async () => ({ token: await (await fetch("/token")).text() }) });
      session = await client.newSession();
      void (async () => {
        for await (const _ of session); // keeps its id right
      })().catch(() => {});
    },
    attach: async (plugin) => {
      handle = await session.attach([EchoTest, VideoRoom].find((each) => each.plugin === plugin));
    },
    hangup: () => (publisher ?? handle).hangup(),
    detach: () => handle.detach(),
    destroy: () => session.destroy(),
    echo: async () => {
      const sink = await program.element(element("video"));
      handle.on("media.track", ({ track }) => track.kind === "video" && track.attach(sink));
      await handle.start({ audio: true, video: true }, await peer(handle));
    },
    configure: (settings) => (publisher ?? handle).configure(settings),
    join: async (display) => (publisher = await handle.join({ room: 1234, display })),
    watch: async (room) => {
      const there = await Room.join(session, { room, display: "watcher", wanted: { all: true } });
      there.on("videoroom.left", ({ feed }) => gone.push(feed));
    },
    send: async () => publisher.publish({}, await peer(publisher)),
    unpublish: () => publisher.unpublish(),
    leave: () => publisher.leave(),
  };
}

/** Runs a test with all three, at a gateway that a test does something to; settings are those of the program. */
function test(name, body, ...settings) {
  node.test(name, { timeout: 300_000 }, async (context) => {
    const ending = [];
    try {
      const stage = programs.run("stage", ...settings);
      ending.push(() => stage.stop());
      const addresses = await stage.says("where it is", 0, ({ ws }) => ws);
      let token = "first";
      await stage.does(`token ${token}`);
      const script = (path) => `<script src=/javascript/${path}></script>`;
      const server = await serve({
        folders: { dist, javascript: "/usr/share/javascript/" },
        routes: {
          "/theirs": {
            type: "text/html",
            body: `<!doctype html><link rel=icon href=data:,>${script("webrtc-adapter/adapter.min.js")}${script("janus-gateway/janus.min.js")}`,
          },
          "/token": {
            get body() {
              return token;
            },
          },
        },
      });
      ending.push(() => server.close());
      const pages = [];
      for (const [path, run] of [
        ["/theirs", theirs],
        ["/", ours],
      ]) {
        const page = await openTab(browser, server.url + path);
        ending.push(() => page.close());
        await page.evaluate(prepare, {});
        await page.evaluate(run, [addresses.ws, token]);
        pages.push(Object.assign(page, { media: true }));
      }
      /** Runs as long as the test, in this process. */
      const inNode = (url) => {
        const client = janode(url, token);
        ending.push(() => client.close());
        return client;
      };
      globalThis.app = inNode(addresses.ws);
      const all = [...pages, { evaluate: async (f, argument) => f(argument) }];
      const have = (clients) => async (f, argument) => {
        for (const client of clients) await client.evaluate(f, argument);
      };
      await body({
        pages,
        all,
        context,
        guest: () => inNode(addresses.direct),
        does: (what) => stage.does(what),
        expire: (next) => stage.does(`token ${(token = next)}`),
        admin: adminOf(addresses),
        /** Have the pages, or all, do the same, one after the other. */
        both: have(pages),
        each: have(all),
      });
    } finally {
      for (const end of ending.reverse()) await end();
    }
  });
}

/** What handle_info says of a script: no ids, times, counts, addresses or credentials. */
function essence({ plugin, plugin_specific: { id, private_id, display, slowlink_count, "peer-bitrate": _, ...specific }, flags, webrtc, ...info }) {
  const state = { plugin, specific, flags, transport: info.session_transport, mode: info["ice-mode"], role: info["ice-role"], profile: info.sdps?.profile };
  if (!webrtc) return state;
  const { ice, dtls, extensions, bwe, media } = webrtc;
  const lines = Object.values(media).map(({ type, mindex, mid, do_nacks, direction, codecs }) => ({ type, mindex, mid, do_nacks, direction, codecs }));
  const { "dtls-role": role, "dtls-state": dtlsState, "srtp-profile": srtp, "sctp-association": sctp } = dtls;
  return { ...state, ice: ice.state, dtls: { role, dtlsState, srtp, sctp }, extensions, bwe, lines };
}

/** What the gateway has of a session: its handles. */
async function stateOf(admin, session) {
  const { sessions } = await admin({ janus: "list_sessions" });
  if (!sessions.includes(session)) return "no session";
  const { handles } = await admin({ janus: "list_handles", session_id: session });
  return Promise.all(handles.map(async (handle) => essence((await admin({ janus: "handle_info", session_id: session, handle_id: handle })).info)));
}

/** Waits until the gateway has the same of all, with a connection or without, and returns it. */
async function same(admin, sessions, connected = false) {
  const look = () => Promise.all(sessions.map((session) => stateOf(admin, session)));
  let states;
  await soon.ok(async () => {
    states = await look();
    return states.every((state) => isDeepStrictEqual(state, states[0])) && [...states[0]].some((handle) => handle.flags?.ready) === connected;
  }).catch(() => assert.deepEqual(states, states.map(() => states[0])));
  return states[0];
}

/** Has clients go through a script: the steps by plugin, and whether there is a connection afterwards. */
async function go(clients, have, admin, script) {
  await have(() => app.connect());
  const sessions = await Promise.all(clients.map((client) => client.evaluate(() => app.session())));
  for (const [plugin, steps] of Object.entries(script)) {
    await have((plugin) => app.attach(plugin), plugin);
    for (const [step, connected] of steps) {
      await have(step);
      const [handle, ...more] = await same(admin, sessions, connected);
      assert.deepEqual([handle.plugin, handle.flags.ready, more], [plugin, connected, []], String(step));
    }
    await have(() => app.detach());
    assert.deepEqual(await same(admin, sessions), []);
  }
  await have(() => app.destroy());
  assert.equal(await same(admin, sessions), "no session");
}

test("after each step of a script the gateway has the same of both", ({ pages, both, admin }) =>
  go(pages, both, admin, {
    "janus.plugin.echotest": [
      [() => app.echo(), true],
      [() => app.configure({ audio: false }), true],
      [() => app.hangup(), false],
    ],
    "janus.plugin.videoroom": [
      [() => app.join("one"), false],
      [() => app.send(), true],
      [() => app.unpublish(), false],
      [() => app.leave(), false],
    ],
  }));

test("after each step of a script without media it has the same of all three", ({ all, each, admin }) =>
  go(all, each, admin, {
    "janus.plugin.echotest": [[() => app.configure({ video: false, bitrate: 64_000 }), false]],
    "janus.plugin.videoroom": [
      [() => app.join("one"), false],
      [() => app.configure({ bitrate: 128_000 }), false],
      [() => app.leave(), false],
    ],
  }));

/** A part of a test that is only waiting. */
const pass = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs in a page: whether a request is answered again, and pictures move. */
async function recovers([ms, media]) {
  const end = performance.now() + ms;
  const within = (promise, ms) => Promise.race([promise, new Promise((resolve) => setTimeout(resolve, ms, "late"))]);
  const asked = () => app.configure({ audio: true }).then(
    () => true,
    () => new Promise((resolve) => setTimeout(resolve, 200, false)),
  );
  while ((await within(asked(), 3_000)) !== true) if (performance.now() > end) return false;
  return !media || (await within(differing(document.querySelector("video"), 10), end - performance.now())) > 2;
}

const frozen = (ms) => async ({ does }) => {
  await does("freeze");
  await pass(ms);
  await does("thaw");
};

/** Has the page with janus.js do what it can when its socket is lost: claim the session. */
async function claim(page) {
  await soon.equal(() => page.evaluate(() => app.connected()), false);
  await page.evaluate(() => app.reconnect());
}

/** What goes wrong, by the number of the failure in the specification; others: whose requests are answered afterwards, too. */
const failures = [
  { name: "1: Janus is restarted", harm: ({ does }) => does("restart") },
  {
    name: "2: the socket is lost, and Janus keeps no session",
    settings: ["-reclaim=0s"],
    harm: async ({ does, pages: [page] }) => {
      await does("drop");
      await assert.rejects(claim(page), /No such session/);
    },
  },
  { name: "3: the socket is lost", harm: ({ does }) => does("drop") },
  { name: "15: the token expires", harm: ({ expire }) => expire("second") },
];
if (soak) {
  failures.push(
    { name: "4: the socket is half-open, and the network another one", harm: ({ does }) => does("switch") },
    { name: "7: the session times out", harm: frozen(45_000) },
    { name: "8: Janus freezes", harm: frozen(20_000), others: ["janus.js"] },
  );
}

for (const { name, settings = [], harm, others = [] } of failures) {
  test(
    name,
    async (stage) => {
      const { all, each, context } = stage;
      await each(() => app.connect());
      await each(() => app.attach("janus.plugin.echotest"));
      await each(() => app.echo());
      const [theirs, ours, inNode] = all.map(({ evaluate, media }) => (ms) => evaluate(recovers, [ms, media]));
      // At the same time: how long Janus heard nothing of somebody counts below.
      const begun = await Promise.all([theirs, ours, inNode].map((begins) => begins(patience)));
      assert.deepEqual(begun, [true, true, true], "the echo begins");
      await harm(stage);
      const begin = performance.now();
      assert.ok(await ours(patience), "Bifrons goes on");
      context.diagnostic(`Bifrons goes on after ${Math.round(performance.now() - begin)} ms`);
      // The others had as long, and have a second more for one request. Their pictures are no
      // matter of Janus': after 20 s without an answer Chromium gives a connection up.
      const goOn = await Promise.all([all[0], all[2]].map(({ evaluate }) => evaluate(recovers, [1_000, false])));
      assert.deepEqual(["janus.js", "janode"].filter((_, i) => goOn[i]), others, "whose requests are answered");
    },
    ...settings,
  );
}

test("5: somebody leaves while the sockets are away", async ({ all: [theirs, ours, inNode], each, does, guest }) => {
  await each(() => app.connect());
  await each((room) => app.watch(room), 5678);
  const [first, second] = [guest(), guest()];
  for (const one of [first, second]) {
    await one.connect();
    await one.watch(5678);
  }
  await does("shut");
  await first.leave();
  await does("open");
  await claim(theirs);
  const gone = (client) => client.evaluate(() => app.gone());
  await soon.deepEqual(() => gone(ours), [first.self()]);
  await second.leave();
  await soon.deepEqual(() => gone(ours), [first.self(), second.self()]);
  await soon.deepEqual(() => gone(theirs), [second.self()]);
  assert.deepEqual(await gone(inNode), []);
});

test("6: a request is under way when the socket is lost", async ({ all, each, does }) => {
  await each(() => app.connect());
  await each(() => app.attach("janus.plugin.echotest"));
  await does("freeze");
  await each(() => {
    globalThis.outcome = "none";
    const settled = (how) => void (globalThis.outcome = how);
    void app.configure({ audio: true }).then(() => settled("answered"), ({ kind }) => settled(kind ?? "failed"));
  });
  await does("drop");
  await does("thaw");
  const outcomes = () => Promise.all(all.map(({ evaluate }) => evaluate(() => outcome)));
  await soon.deepEqual(outcomes, ["none", "answered", "failed"]);
});

if (soak) {
  test("20: nobody looks at the page for longer than a session lasts", async ({ pages, both }) => {
    await both(() => app.connect());
    await both(() => app.attach("janus.plugin.echotest"));
    // The first five in a chain of timers run on time.
    await Promise.all(pages.map((page) => page.behind(() => pass(270_000))));
    const [theirs, ours] = await Promise.all(pages.map((page, i) => page.evaluate(recovers, [[5_000, patience][i], false])));
    assert.deepEqual({ theirs, ours }, { theirs: false, ours: true });
  });
}
