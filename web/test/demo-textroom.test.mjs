// The tab of the text room, in two windows, at the Janus of `bifrons demo`.
import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { launch, open } from "./browser.mjs";
import { checkContrast, checkNames, checkWidths, walk } from "./demo-checks.mjs";
import { checkPrograms } from "./demo-programs.mjs";
import { logged, startDemo, test, text } from "./demo.mjs";
import { startJanus } from "./janus.mjs";
import { soon } from "./soon.mjs";

let browser, demo;
let pages = [];

before(async () => {
  [browser, demo] = await Promise.all([launch(), startDemo()]);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

afterEach(async () => {
  const complaints = pages.flatMap((page) => page.complaints.filter((text) => !page.expected?.test(text)));
  await Promise.all(pages.map((page) => page.context().close()));
  pages = [];
  assert.deepEqual(complaints, []);
});

/** Opens the tab in a window of its own. */
async function visit(name, room = "1234") {
  const page = await open(browser, `${demo.url}#textroom/${room}`);
  pages.push(page);
  await page.waitForSelector("#text-start:enabled");
  await page.fill("#text-name", name);
  return page;
}

const phase = (page, wanted) => page.waitForFunction((wanted) => document.querySelector("#text-status").dataset.phase === wanted, wanted);

async function join(name, room) {
  const page = await visit(name, room);
  await page.press("#text-name", "Enter");
  await phase(page, "running");
  return page;
}

async function say(page, words) {
  await page.fill("#text-words", words);
  await page.press("#text-words", "Enter");
}

/** What the list of messages says, without times. */
const lines = (page) =>
  page.$$eval("#text-said li", (all) =>
    all.map((li) => (li.className === "note" ? li.textContent : [li.className, ...[...li.querySelectorAll("strong, .only, .words")].map((e) => e.textContent)].filter(Boolean).join(" | "))),
  );
const wrote = (page, words) => page.waitForFunction((words) => document.querySelector("#text-said").textContent.includes(words), words);
const people = (page) => page.$$eval("#text-people li", (all) => all.map((li) => li.firstChild.textContent));
const notice = (page) => page.waitForSelector("#notices strong >> visible=true").then(() => text(page, "#notices"));

/** Asks the plugin for something, past the page. */
function ask(page, body) {
  return page.evaluate(async (body) => {
    const { chaos } = await (await fetch("config.json")).json();
    const token = await (await fetch(`${chaos.path}token`)).text();
    const socket = new WebSocket(document.querySelector("#gateway").value, "janus-protocol");
    await new Promise((resolve) => (socket.onopen = resolve));
    const call = (message) =>
      new Promise((resolve) => {
        socket.onmessage = ({ data }) => resolve(JSON.parse(data));
        socket.send(JSON.stringify({ transaction: "t", token, ...message }));
      });
    const session_id = (await call({ janus: "create" })).data.id;
    const handle_id = (await call({ janus: "attach", session_id, plugin: "janus.plugin.textroom" })).data.id;
    const { plugindata } = await call({ janus: "message", session_id, handle_id, body });
    socket.close();
    return plugindata.data;
  }, body);
}

test("two people talk, to all and in private", async () => {
  const ann = await join("Ann");
  await soon.equal(() => text(ann, "#text-status"), "In room 1234, as Ann");
  assert.equal(await ann.evaluate(() => document.activeElement.id), "text-words", "one can write at once");
  await wrote(ann, "You came in");
  await soon.deepEqual(() => people(ann), ["Ann (you)"]);
  await soon.equal(() => text(ann, "#text-count"), "Nobody but you");
  await say(ann, "<b>Is</b> anybody there?");
  await wrote(ann, "anybody there?");

  const bob = await join("Bob");
  await wrote(bob, "You came in");
  await soon.deepEqual(() => lines(bob), ["Ann | <b>Is</b> anybody there?", "You came in"], "what the room kept comes first");
  await soon.match(() => bob.getAttribute("#text-said time", "datetime"), /^\d{4}-\d\d-\d\dT/);
  await soon.deepEqual(() => people(bob), ["Bob (you)", "Ann"]);
  await wrote(ann, "Bob came in");

  await bob.click('#text-people button[aria-label="Write to Ann alone"]');
  assert.equal(await bob.evaluate(() => document.activeElement.id), "text-words");
  await say(bob, "psst");
  await wrote(ann, "psst");
  await wrote(bob, "psst");
  await bob.selectOption("#text-to", "");
  await say(bob, "hello all");
  await wrote(ann, "hello all");
  assert.deepEqual((await lines(ann)).slice(1), [
    "own | You | <b>Is</b> anybody there?",
    "Bob came in",
    "private | Bob | to you, in private | psst",
    "Bob | hello all",
  ]);
  assert.deepEqual((await lines(bob)).slice(2), ["own private | You | to Ann, in private | psst", "own | You | hello all"]);

  await bob.click("#text-start");
  await phase(bob, "idle");
  await wrote(ann, "Bob left");
  await soon.deepEqual(() => people(ann), ["Ann (you)"]);
  await soon.equal(() => bob.isDisabled("#text-words"), true);
  assert.ok((await lines(bob)).length > 3, "what was said stays to be read");
  await bob.click("#text-start"); // and back
  await phase(bob, "running");
  await wrote(ann, "Bob came in");
});

test("refusals, and what to do about them", async () => {
  const ann = await join("Ann", "77");
  await logged(ann, "Ann is in room 77");
  const other = await visit("Ann", "77");
  await other.click("#text-start");
  await soon.match(() => notice(other), /^Somebody in room 77 is called AnnChoose another name\./);
  await other.fill("#text-name", "Bob");
  await other.click("#text-start");
  await phase(other, "running");
  assert.equal(await text(other, "#notices"), "");
  await other.click("#text-start");
  await phase(other, "idle");

  await other.fill("#text-name", " ");
  await other.click("#text-start");
  await soon.match(() => notice(other), /^What is your name\?/);
  assert.equal(await other.evaluate(() => document.activeElement.id), "text-name");
  await other.fill("#text-name", "Bob");
  await other.fill("#text-room", "");
  await other.click("#text-start");
  await soon.match(() => notice(other), /^Which room\?/);
  await other.fill("#text-room", "lounge");
  await other.click("#text-start");
  await soon.match(() => notice(other), /^This gateway has no rooms like lounge.*write a number/);

  await other.fill("#text-room", "78");
  await other.fill("#text-pin", "secret");
  await other.click("#text-start");
  await phase(other, "running");
  const third = await visit("Carl", "78");
  await third.click("#text-start");
  await soon.match(() => notice(third), /^Room 78 has a PIN/);
  await third.fill("#text-pin", "wrong");
  await third.click("#text-start");
  await soon.match(() => notice(third), /^Room 78 has another PIN/);
  await third.fill("#text-pin", "secret");
  await third.click("#text-start");
  await phase(third, "running");
});

test("an announcement, somebody removed, a room closed", async () => {
  const [ann, bob] = [await join("Ann", "91"), await join("Bob", "91")];
  await ask(ann, { request: "announcement", room: 91, text: "Tea at four" });
  await wrote(bob, "Tea at four");
  assert.equal((await lines(bob)).at(-1), "announced | Announcement | Tea at four");
  await ask(ann, { request: "kick", room: 91, username: "Bob" });
  await phase(bob, "failed");
  await soon.match(() => notice(bob), /^You were removed from the room/);
  await wrote(ann, "Bob was removed");
  await bob.click("#notices button");
  await phase(bob, "running");
  await wrote(ann, "Bob came in");
  await ask(ann, { request: "destroy", room: 91 });
  for (const page of [ann, bob]) {
    await phase(page, "failed");
    await soon.match(() => notice(page), /^Room 91 was closed/);
    assert.equal(await page.locator("#notices strong").count(), 1, "it is said once");
  }
});

test("the gateway goes and comes back", async () => {
  const janus = await startJanus();
  try {
    const page = await visit("Ann", "5");
    page.expected = /WebSocket/;
    await page.fill("#gateway", janus.ws);
    await page.click("#text-start");
    await phase(page, "running");
    await janus.command("kill");
    await phase(page, "waiting");
    await soon.equal(() => page.isDisabled("#text-words"), true);
    await janus.command("restart");
    await page.waitForFunction(() => ["running", "failed"].includes(document.querySelector("#text-status").dataset.phase));
    // This Janus has forgotten the room: it is there again with the next join.
    await soon.match(() => notice(page), /^Room 5 is not there any more/);
    await page.click("#notices button");
    await phase(page, "running");
    await say(page, "back again");
    await wrote(page, "back again");
  } finally {
    await janus.stop();
  }
});

test("the programs that are copied compile", async () => {
  const ann = await join("Ann", "6");
  const page = await visit("Bob", "6");
  await checkPrograms(page, [
    async () => {
      await page.fill("#text-name", 'B"ob');
      await page.fill("#text-room", "lounge");
      await page.fill("#text-pin", "x");
      await page.click("summary");
      await page.fill("#token", "x");
    },
    async () => page.fill("#text-room", "18446744073709551615"),
    async () => {
      await page.fill("#text-room", "6");
      await page.fill("#text-pin", "");
      await page.fill("#token", "");
      await page.click("#text-start");
      await phase(page, "running");
      await page.selectOption("#text-to", "Ann");
    },
  ]);
  await soon.match(() => text(page, "#code"), /To: "Ann"/);
  await soon.equal(() => ann.evaluate(() => document.querySelector("#tab-textroom").hasAttribute("data-live")), true);
});

test("for everybody: names, contrast, the keyboard, narrow windows", async () => {
  const page = await visit("Ann", "7");
  const idle = (await walk(page)).join(" ");
  assert.match(idle, /tab-textroom .* text-name text-room text-pin text-start text-said harm-drop harm-freeze harm-token harm-restart harm-loss language-go/);
  assert.doesNotMatch(idle, /unseen/);
  await page.focus("#text-name");
  await page.keyboard.press("Enter");
  await phase(page, "running");
  const bob = await join("Bob", "7");
  await say(bob, "a".repeat(300));
  await bob.selectOption("#text-to", "Ann");
  await say(bob, "psst");
  await wrote(page, "psst");
  await ask(page, { request: "announcement", room: 7, text: "Tea" });
  await wrote(page, "Tea");
  assert.match((await walk(page)).join(" "), /text-said text-to text-words text-send button harm-drop harm-freeze harm-token harm-restart harm-loss language-go/);
  assert.equal(await page.getAttribute("#text-said", "role"), "log");
  assert.equal(await page.getAttribute("#text-status", "role"), "status");
  await checkNames(page, ["button", "textbox", "combobox", "tab", "tabpanel", "log"]);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await checkWidths(page);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.waitForSelector(`html[data-theme="${colorScheme}"]`, { state: "attached" });
    await checkContrast(page, 30, ["#text-send", "#text-people button", "#text-start"]);
  }
});
