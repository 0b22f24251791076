// Text rooms through a real Janus: two tabs that talk, and every request.
import assert from "node:assert/strict";
import { afterEach, beforeEach } from "node:test";
import { open } from "./browser.mjs";
import { nothingLeft, settled } from "./settled.mjs";
import { prepare, setUp, test } from "./setup.mjs";

const t = setUp();
let bob; // a second tab

beforeEach(async () => {
  await t.page.evaluate(begin);
});

afterEach(async () => {
  await bob?.context().close();
  assert.deepEqual(bob?.complaints ?? [], []);
  bob = undefined;
});

/** Runs in the page: attaches, and has helpers. */
async function begin() {
  const { Codes } = await import("/dist/plugins/textroom.js");
  const attach = async () => {
    const program = await bifrons.init();
    const client = await program.dial(urls.ws);
    const session = await client.newSession();
    return { client, session, text: await session.attach(bifrons.TextRoom) };
  };
  /** Keeps what was told, and waits for some of it. */
  const listen = (text) => {
    const log = [];
    let wake = () => {};
    text.on("*", (event) => (log.push(event), wake()));
    return {
      log,
      told: async (kind, right = () => true) => {
        for (;;) {
          const found = log.find((event) => event.kind === `textroom.${kind}` && right(event));
          if (found) return found;
          await new Promise((resolve) => (wake = resolve));
        }
      },
    };
  };
  Object.assign(globalThis, { Codes, attach, listen, ...(await attach()) });
}

/** Opens the second tab. */
async function second() {
  bob = await open(t.browser, t.server.url);
  await bob.evaluate(prepare, { ws: t.janus.ws });
  await bob.evaluate(begin);
  return bob;
}

test("the shortest chat", async () => {
  const got = await t.page.evaluate(async () => {
    await text.rooms.create({ room: 1234 });
    const chat = await text.open();
    const others = await chat.join({ room: 1234, username: "ann", display: "Ann" });
    const sent = await chat.message({ room: 1234, text: "hi" });
    const seen = [];
    for await (const event of chat) {
      if (event.kind === "textroom.joined") seen.push([event.username, event.display]);
      if (event.kind !== "textroom.message") continue;
      const { raw, transaction, session, handle, date, ...rest } = event;
      seen.push(rest, Math.abs(date - Date.now()) < 60_000);
      break;
    }
    await chat.stop();
    const why = await chat.closed;
    for await (const _ of chat) return "a loop over a chat that was stopped";
    const after = await thrown(chat.message({ room: 1234, text: "?" }));
    await text.detach();
    await client.close();
    return { others, sent, seen, why, after: after.kind };
  });
  const message = { kind: "textroom.message", room: 1234, from: "ann", display: "", text: "hi", whisper: false };
  assert.deepEqual(got, { others: [], sent: {}, seen: [["ann", "Ann"], message, true], why: undefined, after: "closed" });
});

test("two tabs: history, private messages, an announcement, kicked, left, destroyed", async () => {
  const room = 4321;
  await t.page.evaluate(async (room) => {
    await text.rooms.create({ room, description: "Two tabs", secret: "s", pin: "p", history: 10 });
    Object.assign(globalThis, listen(text));
    globalThis.chat = await text.open();
    await chat.join({ room, username: "ann", display: "Ann", pin: "p" });
    await chat.message({ room, text: "before bob" });
  }, room);
  await second();
  const bobs = await bob.evaluate(async (room) => {
    Object.assign(globalThis, listen(text));
    globalThis.chat = await text.open();
    const others = await chat.join({ room, username: "bob", display: "Bob", pin: "p" });
    await told("joined");
    const kinds = log.filter(({ kind }) => kind.startsWith("textroom.")).map(({ kind }) => kind);
    const kept = await told("message");
    return { others, kinds, kept: [kept.from, kept.display, kept.text], here: await text.rooms.participants(room) };
  }, room);
  assert.deepEqual(bobs.others, [{ username: "ann", display: "Ann" }]);
  assert.deepEqual(bobs.kinds, ["textroom.message", "textroom.joined"], "what was kept comes first");
  assert.deepEqual(bobs.kept, ["ann", "Ann", "before bob"]);
  assert.deepEqual(bobs.here.map(({ username }) => username).sort(), ["ann", "bob"]);

  const anns = await t.page.evaluate(async (room) => {
    await told("joined", ({ username }) => username === "bob");
    const one = await chat.message({ room, text: "for bob", to: "bob" });
    const some = await chat.message({ room, text: "for two", tos: ["bob", "carl"] });
    await chat.message({ room, text: "no answer wanted", ack: false });
    await told("message", ({ text }) => text === "no answer wanted"); // what is announced goes another way
    await text.rooms.announce({ room, secret: "s", text: "soon" });
    await told("announcement");
    await chat.message({ room, text: "said after", ack: true });
    await told("message", ({ text }) => text === "said after");
    return { one, some, whispers: log.filter(({ whisper }) => whisper).length };
  }, room);
  assert.deepEqual(anns, { one: { sent: { bob: true } }, some: { sent: { bob: true, carl: false } }, whispers: 0 });
  const heard = await bob.evaluate(async () => {
    await told("message", ({ text }) => text === "said after");
    const all = log.filter(({ kind }) => /message|announcement/.test(kind)).slice(1);
    return all.map(({ from, text, whisper }) => [from, text, whisper]);
  });
  assert.deepEqual(heard, [
    ["ann", "for bob", true],
    ["ann", "for two", true],
    ["ann", "no answer wanted", false],
    [undefined, "soon", undefined],
    ["ann", "said after", false],
  ]);

  const kicked = await t.page.evaluate(async (room) => {
    const wrong = await thrown(text.rooms.kick({ room, secret: "x", username: "bob" }));
    await chat.rooms.kick({ room, secret: "s", username: "bob" });
    return { wrong, username: (await told("kicked")).username };
  }, room);
  assert.equal(kicked.username, "bob");
  assert.equal(kicked.wrong.code, 419);
  const back = await bob.evaluate(async (room) => {
    await told("kicked", ({ username }) => username === "bob");
    await chat.join({ room, username: "bob", pin: "p", history: false });
    await chat.leave(room);
    return (await told("left")).username;
  }, room);
  assert.equal(back, "bob");
  await bob.evaluate((room) => chat.join({ room, username: "bob", pin: "p" }), room);
  await t.page.evaluate(async (room) => {
    await told("left", ({ username }) => username === "bob");
    await text.rooms.destroy({ room, secret: "s" });
    await told("destroyed");
  }, room);
  await bob.evaluate(async () => {
    await told("destroyed");
    await client.close();
  });
  await t.page.evaluate(() => client.close());
});

test("rooms are managed over the handle, and over a chat", async () => {
  const got = await t.page.evaluate(async () => {
    const chat = await text.open();
    const all = [];
    for (const [rooms, room] of [[text.rooms, 71], [chat.rooms, 72]]) {
      const { permanent } = await rooms.create({ room, description: "one", secret: "s", history: 3, allowed: ["t1"] });
      const named = await rooms.create();
      await rooms.edit({ room, secret: "s", new_description: "two", new_pin: "p" });
      const { raw, ...listed } = (await rooms.list()).find((r) => r.room === room);
      const exists = [await rooms.exists(room), await rooms.exists(999)];
      const tokens = [
        (await rooms.allowed({ room, secret: "s", action: "add", allowed: ["t2"] })).sort(),
        await rooms.allowed({ room, secret: "s", action: "remove", allowed: ["t1"] }),
        await rooms.allowed({ room, secret: "s", action: "disable" }),
      ];
      const people = await rooms.participants(room);
      const hidden = await rooms.create({ is_private: true });
      const shown = (await rooms.list({ adminKey: "" })).some((r) => r.room === hidden.room);
      for (const made of [named, hidden]) await rooms.destroy({ room: made.room });
      const gone = await rooms.destroy({ room, secret: "s" });
      all.push({ permanent, named: typeof named.room, listed: { ...listed, room: 0 }, exists, tokens, people, shown, gone: gone.room === room });
    }
    await client.close();
    return all;
  });
  for (const over of got) {
    assert.deepEqual(over, {
      permanent: false,
      named: "number",
      listed: { room: 0, description: "two", pin_required: true, num_participants: 0, history: 3 },
      exists: [true, false],
      tokens: [["t1", "t2"], ["t2"], []],
      people: [],
      shown: false,
      gone: true,
    });
  }
});

test("what is refused", async () => {
  const got = await t.page.evaluate(async () => {
    const room = 81;
    await text.rooms.create({ room, secret: "s", pin: "p" });
    const { log, told } = listen(text);
    const chat = await text.open();
    const join = (more) => thrown(chat.join({ room, username: "ann", pin: "p", ...more }));
    const codes = {
      ErrRoomExists: await thrown(text.rooms.create({ room })),
      ErrNoSuchRoom: await join({ room: 82 }),
      ErrUnauthorized: await join({ pin: "x" }),
      ErrNotInRoom: await thrown(chat.leave(room)),
      joined: await join({}),
      ErrAlreadyInRoom: await join({ username: "anna" }),
      ErrNoSuchUser: await thrown(text.rooms.kick({ room, secret: "s", username: "nobody" })),
    };
    const other = await attach();
    const others = await other.text.open();
    codes.ErrUsernameInUse = await thrown(others.join({ room, username: "ann", pin: "p" }));
    await other.client.close();
    await chat.message({ room: 83, text: "?", ack: false });
    const { err } = await told("error");
    const aborted = await thrown(chat.message({ room, text: "?" }, { signal: AbortSignal.abort(new Error("enough")) }));
    const twice = await thrown(text.open());
    const peer = await text.newPeer();
    const channel = await peer.openData("another");
    const label = await thrown(text.open({ peer, channel }));
    await client.close();
    return { codes, known: Codes, err: plain(err), real: err instanceof bifrons.JanusError, aborted, twice, label };
  });
  assert.equal(got.codes.joined, "nothing was thrown");
  delete got.codes.joined;
  for (const [name, error] of Object.entries(got.codes)) {
    assert.deepEqual([error.kind, error.code, error.plugin], ["plugin", got.known[name], "janus.plugin.textroom"], `${name}: ${error.message}`);
    assert.ok(error.reason.length > 3);
  }
  assert.ok(got.real);
  assert.equal(got.err.code, got.known.ErrNoSuchRoom);
  assert.equal(got.aborted.message, "enough");
  assert.deepEqual([got.twice.kind, got.label.kind], ["argument", "argument"]);
  assert.match(got.label.fix, /label/i);
});

test("restart, a hangup, and the rooms again in the same loop", async () => {
  const got = await t.page.evaluate(async () => {
    const room = 91;
    await text.rooms.create({ room });
    const peer = await text.newPeer();
    const channel = await peer.openData(bifrons.TextRoom.label);
    let chat = await text.open({ peer, channel });
    const first = chat;
    await chat.join({ room, username: "ann" });
    await chat.restart();
    await chat.message({ room, text: "after the restart" });
    const seen = [];
    const loop = (async () => {
      for await (const event of first) {
        if (event.kind === "textroom.message") seen.push(event.text);
        if (event.text === "after the restart") await text.hangup();
        if (event.kind === "hangup") {
          chat = await text.open();
          await chat.message({ room, text: "after the hangup" });
        }
        if (event.kind === "textroom.rejoined") seen.push(event.room, event.participants, event.err ?? "rejoined");
        if (event.text === "after the hangup") break;
      }
    })();
    await loop;
    const why = await first.closed;
    let ended = false;
    const last = (async () => {
      for await (const _ of chat); // until it is stopped
      ended = true;
    })();
    await chat.stop();
    await last;
    await client.close();
    return { seen, why: why?.kind, ended };
  });
  assert.deepEqual(got, { seen: ["after the restart", 91, [], "rejoined", "after the hangup"], why: "closed", ended: true });
});

test("nothing is left behind", async () => {
  const { page } = t;
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Performance.enable");
  const cycle = () =>
    page.evaluate(async () => {
      const { client, text } = await attach();
      const { room } = await text.rooms.create();
      const chat = await text.open();
      await chat.join({ room, username: "ann" });
      await chat.message({ room, text: "hi" });
      for await (const event of chat) if (event.kind === "textroom.message") break;
      await text.rooms.destroy({ room });
      if (globalThis.odd) await chat.stop();
      globalThis.odd = !globalThis.odd;
      await client.close();
    });
  for (let i = 0; i < 2; i++) await cycle();
  const before = await settled(page, devtools);
  for (let i = 0; i < 4; i++) await cycle();
  await nothingLeft(page, devtools, before);
});
