// The tab of the video room: people in pages, and one in a terminal.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before } from "node:test";
import { launch, open } from "./browser.mjs";
import { checkContrast, checkNames, checkWidths, walk } from "./demo-checks.mjs";
import { checkPrograms } from "./demo-programs.mjs";
import { buildPage, buildProgram, logged, pageDist, test, text } from "./demo.mjs";
import { startJanus } from "./janus.mjs";
import { serve } from "./server.mjs";
import { soon } from "./soon.mjs";

let browser, janus, server, folder, bifrons;
let pages = [];

before(async () => {
  [browser, janus, server, folder, bifrons] = await Promise.all([
    launch(),
    startJanus(),
    serve({ folders: { page: pageDist } }),
    mkdtemp(join(tmpdir(), "bifrons-room-")),
    buildProgram(),
    buildPage(),
  ]);
});

after(async () => {
  await browser?.close();
  server?.close();
  await janus?.stop();
  await rm(folder, { recursive: true, force: true });
});

afterEach(async () => {
  const complaints = pages.flatMap((page) => page.complaints);
  await Promise.all(pages.map((page) => page.context().close()));
  pages = [];
  assert.deepEqual(complaints, []);
});

/** Opens the tab. One size of pictures is enough for most. */
async function visit({ name = "Ann", simulcast = false, room = "" } = {}) {
  const page = await open(browser, `${server.url}/page/index.html#videoroom${room && `/${room}`}`);
  pages.push(page);
  await page.waitForSelector("#room-join:enabled");
  await page.fill("#gateway", janus.ws);
  await page.fill("#room-name", name);
  await page.setChecked("#room-simulcast", simulcast);
  return page;
}

const phase = (page, wanted) => page.waitForFunction((wanted) => document.querySelector("#room-status").dataset.phase === wanted, wanted);

async function enter(page, { role = "camera" } = {}) {
  await page.check(`input[name="room-role"][value="${role}"]`);
  await page.click("#room-join");
  await phase(page, "running");
}

/** Makes a room by the form, and returns its number. */
async function create(page, { pin = "", secret = "" } = {}) {
  await page.fill("#room-pin", pin);
  await page.click("#room-keep summary");
  await page.fill("#room-secret", secret);
  const before = await text(page, "#room-status");
  await page.click("#room-create");
  await page.waitForFunction((before) => !["Not in a room", before].includes(document.querySelector("#room-status").textContent), before);
  return page.inputValue("#room-id");
}

const names = (page) => page.$$eval(".tile b", (all) => all.map((b) => b.textContent));

/** Waits until the pictures of the room are these people's, and no others. */
async function sees(page, ...wanted) {
  await page.waitForFunction(
    (wanted) => [...document.querySelectorAll(".tile[data-live] b")].map((b) => b.textContent).sort().join() === wanted,
    wanted.sort().join(),
  );
}

/** Waits until somebody's picture has changed twice. The element may make way for another meanwhile. */
async function moves(page, name) {
  const seen = await page.evaluateHandle(() => new Set());
  await page.waitForFunction(
    ([name, seen]) => {
      const video = [...document.querySelectorAll(".tile[data-live]")].find((tile) => tile.querySelector("b").textContent === name)?.querySelector("video");
      if (!video) return false;
      const context = new OffscreenCanvas(64, 36).getContext("2d", { willReadFrequently: true });
      context.drawImage(video, 0, 0, 64, 36);
      return seen.add(context.getImageData(0, 0, 64, 36).data.join()).size > 2;
    },
    [name, seen],
  );
}

/** Waits until the list says this of somebody. */
async function does(page, name, right) {
  await page.waitForFunction(
    ([name, source]) => {
      const row = [...document.querySelectorAll("#room-people li")].find((li) => li.querySelector("b").textContent === name);
      return row && new RegExp(source).test(row.querySelector(".doing").textContent);
    },
    [name, right.source],
  );
}

const notice = (page) => page.waitForSelector("#notices strong").then(() => text(page, "#notices"));

test("two tabs in a room see each other move, talk and go", async () => {
  const ann = await visit();
  const room = await create(ann);
  await enter(ann);
  await sees(ann, "Ann (you)");
  await soon.equal(() => text(ann, "#room-count"), "Only you");
  await ann.click("#tab-echo");
  await ann.click("#tab-videoroom");
  assert.equal(new URL(ann.url()).hash, `#videoroom/${room}`);

  const bob = await visit({ name: "Bob", room });
  await soon.equal(() => bob.inputValue("#room-id"), room, "the link says which room");
  await enter(bob);
  await sees(ann, "Ann (you)", "Bob");
  await sees(bob, "Bob (you)", "Ann");
  await Promise.all([moves(ann, "Bob"), moves(bob, "Ann")]);
  await does(ann, "Bob", /talks/);
  await soon.equal(() => text(ann, "#room-count"), "2 people");

  await bob.click("#room-mute");
  await does(ann, "Bob", /muted/);
  await ann.waitForSelector(".tile[data-muted] :text('Bob')");
  await bob.click("#room-mute");
  await does(ann, "Bob", /talks/);
  await bob.click("#room-hide");
  await does(ann, "Bob", /no picture/);
  await sees(ann, "Ann (you)");
  await bob.click("#room-hide");
  await sees(ann, "Ann (you)", "Bob");
  await moves(ann, "Bob");

  await bob.click("#room-join");
  await phase(bob, "idle");
  await soon.deepEqual(() => names(bob), []);
  await sees(ann, "Ann (you)");
  await soon.equal(() => text(ann, "#room-count"), "Only you");
  await enter(bob); // and once more
  await moves(ann, "Bob");
  await bob.context().close(); // gone without a word
  pages = [ann];
  await sees(ann, "Ann (you)");
});

test("the command of the tab brings a terminal into the room, and each sees the other", async () => {
  const ann = await visit();
  await create(ann);
  await enter(ann);
  const [program, ...args] = (await text(ann, "#room-command")).split(" ");
  assert.equal(program, "bifrons");
  const terminal = spawn(bifrons, [...args, "--as", "Terminal"], { cwd: folder, stdio: ["ignore", "inherit", "pipe"] });
  const exited = once(terminal, "exit");
  await sees(ann, "Ann (you)", "Terminal");
  await moves(ann, "Terminal");
  await ann.waitForFunction(() => [...document.querySelectorAll("#room-people b")].some((b) => b.textContent === "Terminal"));
  terminal.kill("SIGINT");
  assert.equal((await exited)[0], 0);
  await sees(ann, "Ann (you)");
  const probe = ["-v", "error", "-show_entries", "stream=codec_type", "-of", "csv=p=0", join(folder, "out.webm")];
  assert.deepEqual(execFileSync("ffprobe", probe).toString().trim().split(/\s+/).sort(), ["audio", "video"], "what the page sent");
});

test("twelve people fit into the window", async () => {
  const ann = await visit();
  const room = await create(ann);
  await enter(ann);
  const args = ["room", "publish", janus.ws, "--room", room, "--in", "clip"];
  const names = Array.from({ length: 11 }, (_, i) => `Person ${i}`);
  const terminals = names.map((name) => spawn(bifrons, [...args, "--as", name], { stdio: "ignore" }));
  try {
    await sees(ann, "Ann (you)", ...names);
    for (const [width, height] of [[1280, 800], [1600, 1000], [800, 900]]) {
      await ann.setViewportSize({ width, height });
      await ann.waitForFunction(() => document.querySelector("#room-grid").clientHeight < 0.8 * innerHeight);
      const least = await ann.$$eval(".tile", (all) => Math.min(...all.map((tile) => tile.clientWidth)));
      assert.ok(least > 120, `${least} pixels`);
    }
  } finally {
    terminals.forEach((terminal) => terminal.kill());
  }
  await sees(ann, "Ann (you)");
});

test("layers, and a pause", async () => {
  const ann = await visit({ simulcast: true });
  const room = await create(ann);
  await enter(ann);
  const bob = await visit({ name: "Bob", room });
  await enter(bob, { role: "audience" });
  await does(bob, "Bob (you)", /only watches/);
  await does(ann, "Bob", /only watches/);
  const width = () => bob.evaluate(() => document.querySelector(".tile:not(.own) video").videoWidth);
  const layer = async (value, right) => {
    await bob.check(`#room-people input[value="${value}"]`);
    await bob.waitForFunction(right, undefined, { timeout: 60_000 });
    await bob.waitForFunction((value) => document.querySelector("[data-comes] input")?.value === value, value);
  };
  await moves(bob, "Ann");
  await layer("0", () => document.querySelector(".tile:not(.own) video").videoWidth <= 320);
  const low = await width();
  await layer("1", `document.querySelector(".tile:not(.own) video").videoWidth > ${low}`);

  await bob.click('button:text("Pause")');
  await does(bob, "Ann", /paused by you/);
  await bob.waitForSelector(".tile[data-paused]");
  await bob.click('button:text("Pause")');
  await moves(bob, "Ann");
});

test("who has the secret silences and removes others", async () => {
  const ann = await visit();
  const room = await create(ann, { secret: "s3cret" });
  await enter(ann, { role: "audience" });
  const bob = await visit({ name: "Bob", room });
  await bob.click("#room-keep summary");
  await bob.fill("#room-secret", "another");
  await enter(bob);
  await moves(ann, "Bob");
  await ann.click('button:text("Silence")');
  await does(ann, "Bob", /silenced for everybody/);
  await does(bob, "Bob (you)", /silenced for everybody/);
  await ann.click('button:text("Silence")');
  await does(ann, "Bob", /^(talks)?$/);
  await bob.click('button:text("Remove")');
  await soon.match(() => notice(bob), /^That is not the secret of the room/);
  await ann.click('button:text("Remove")');
  await phase(bob, "failed");
  await bob.waitForFunction(() => document.querySelector("#notices").textContent.includes("You were removed from room"));
  await soon.equal(() => bob.evaluate(() => document.querySelectorAll(".tile").length), 0);
  await soon.equal(() => text(ann, "#room-count"), "Only you");
});

test("a screen beside the camera", async () => {
  const ann = await visit();
  const room = await create(ann);
  await enter(ann);
  const bob = await visit({ name: "Bob", room });
  await enter(bob, { role: "screen" });
  await moves(ann, "Bob");
  await ann.click("#room-share");
  await sees(ann, "Ann (you)", "Ann (you), screen", "Bob");
  await sees(bob, "Ann", "Ann, screen", "Bob (you)");
  await moves(bob, "Ann");
  await does(bob, "Ann", /shares a screen/);
  await ann.click("#room-share");
  await sees(bob, "Ann", "Bob (you)");
  await moves(bob, "Ann");
  await ann.click("#room-share");
  await sees(bob, "Ann", "Ann, screen", "Bob (you)");
});

test("refusals, and what helps", async () => {
  const page = await visit();
  const join = async () => {
    await page.click("#room-join");
    await phase(page, "failed");
    return notice(page);
  };
  await page.fill("#room-id", "77");
  assert.match(await join(), /^There is no room 77/);
  await page.click('button:text("Make room 77")');
  await page.waitForFunction(() => document.querySelector("#room-status").textContent === "Room 77 is made: join it");
  const room = await create(page, { pin: "1234" });
  await page.fill("#room-pin", "");
  assert.match(await join(), new RegExp(`^Room ${room} wants a pin`));
  await page.fill("#room-pin", "4321");
  assert.match(await join(), new RegExp(`^The pin of room ${room} is another one`));
  await page.click("#room-show");
  await page.click(`#room-rooms button:has-text("${room}")`);
  assert.match(await join(), /another one/);
  await page.fill("#room-pin", "1234");
  await page.click('button:text("Try again")');
  await phase(page, "running");
  assert.equal(await text(page, "#notices"), "");
});

test("a full room is watched", async () => {
  execFileSync(bifrons, ["room", "create", janus.ws, "--room", "88", "--publishers", "1"]);
  const ann = await visit({ room: "88" });
  await enter(ann);
  const bob = await visit({ name: "Bob", room: "88" });
  await enter(bob);
  await soon.match(() => notice(bob), /^The room is full: nobody else may send/);
  await does(bob, "Bob (you)", /only watches/);
  await moves(bob, "Ann");
});

test("the gateway goes and comes back", async () => {
  execFileSync(bifrons, ["room", "create", janus.ws, "--room", "99", "--permanent"]);
  const ann = await visit({ room: "99" });
  const bob = await visit({ name: "Bob", room: "99" });
  await Promise.all([enter(ann), enter(bob)]);
  await moves(ann, "Bob");
  await janus.command("kill");
  await phase(ann, "waiting");
  await janus.command("restart");
  for (const page of [ann, bob]) await phase(page, "running");
  await Promise.all([moves(ann, "Bob"), moves(bob, "Ann")]);
  for (const page of [ann, bob]) page.complaints = page.complaints.filter((text) => !/WebSocket/.test(text));
  assert.equal(await text(ann, "#notices"), "");
});

test("the gateway has no video room", async () => {
  const page = await open(browser, "about:blank");
  pages.push(page);
  await page.routeWebSocket(/^ws:/, (socket) =>
    socket.onMessage((message) => {
      const { transaction, session_id, janus } = JSON.parse(message);
      const answer = janus === "attach" ? { janus: "error", error: { code: 460, reason: "No such plugin" } } : { janus: "success", data: { id: 1 } };
      socket.send(JSON.stringify({ transaction, session_id, ...answer }));
    }),
  );
  await page.goto(`${server.url}/page/index.html#videoroom`);
  await page.click("#room-join");
  await phase(page, "failed");
  await soon.match(() => notice(page), /^This gateway has no video room/);
});

test("no gateway, and a start that is given up", async () => {
  const page = await visit();
  await page.fill("#gateway", "ws://127.0.0.1:1234/");
  for (const button of ["#room-join", "#room-show", "#room-keep summary", "#room-create"]) {
    await page.click(button);
    if (button.endsWith("summary")) continue;
    await soon.match(() => notice(page), /^No gateway answers at ws:\/\/127\.0\.0\.1:1234\//);
    await page.evaluate(() => document.querySelectorAll(".notice").forEach((notice) => notice.remove()));
  }
  await soon.equal(() => page.evaluate(() => document.querySelectorAll(".tile").length), 0);
  page.complaints = page.complaints.filter((text) => !/WebSocket connection to/.test(text));

  await page.routeWebSocket(/^ws:/, () => {}); // one that never answers
  await page.click("#room-join");
  await page.waitForFunction(() => document.querySelector("#line").textContent === "Connecting…");
  await page.click("#room-join");
  await phase(page, "idle");
  await soon.equal(() => text(page, "#room-status"), "Cancelled");
  assert.equal(await text(page, "#notices"), "");
  await soon.equal(() => text(page, "#line"), "Not connected");
});

test("the programs that are copied compile", async () => {
  const page = await visit({ simulcast: true });
  await checkPrograms(page, [
    async () => {},
    async () => {
      await page.fill("#room-pin", "x");
      await page.fill("#room-id", "a room");
      await page.selectOption("#room-camera", "built-in");
      await page.uncheck("#room-simulcast");
    },
    async () => {
      await page.check('input[value="screen"]');
      await page.fill("#room-id", "18446744073709551615");
      await page.selectOption("#room-microphone", "built-in");
    },
    async () => page.check('input[value="audience"]'),
  ]);
});

test("for the keyboard, the screen reader, and eyes of all kinds", async () => {
  const page = await visit();
  const order =
    "a tab-videoroom theme gateway summary room-id room-name room-pin room-role room-join room-show summary room-camera room-microphone room-simulcast " +
    "room-command-box room-copy room-link language-go code-box copy-go copy-typescript log-text log-kind log-clear log";
  assert.equal((await walk(page)).join(" "), order);

  const room = await create(page, { secret: "s3cret" });
  await page.focus("#room-name");
  await page.keyboard.press("Enter");
  await phase(page, "running");
  assert.equal(await page.evaluate(() => document.activeElement.id), "room-join");
  const bob = await visit({ name: "Bob, who has a rather long name", room, simulcast: true });
  await enter(bob);
  await moves(page, "Bob, who has a rather long name");
  await page.waitForSelector("#room-people .pick:visible");
  await checkNames(page, ["button", "textbox", "combobox", "switch", "radio", "tab", "tabpanel", "log", "Video"]);
  for (const [selector, role] of [["#room-status", "status"], ["#room-copied", "status"]]) assert.equal(await page.getAttribute(selector, "role"), role);
  await page.focus("#room-people input:checked");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await page.waitForSelector(".tile[data-paused]");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Pause", "the focus stays");
  for (const theme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.waitForSelector(`html[data-theme="${theme}"]`, { state: "attached" });
    await checkContrast(page, 50, ["#room-join", "#room-mute", "#room-people button"]);
  }
  await checkWidths(page);
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
});
