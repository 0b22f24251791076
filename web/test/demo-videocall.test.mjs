// The tab of the video call, in two windows.
import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";
import { launch, open } from "./browser.mjs";
import { checkContrast, checkNames, checkWidths, walk } from "./demo-checks.mjs";
import { checkPrograms } from "./demo-programs.mjs";
import { buildPage, moves, pageDist, test, text, until } from "./demo.mjs";
import { startJanus } from "./janus.mjs";
import { serve } from "./server.mjs";
import { soon } from "./soon.mjs";

let browser, janus, server;
let pages = [];

before(async () => {
  [browser, janus, server] = await Promise.all([launch(), startJanus(), serve({ folders: { page: pageDist } }), buildPage()]);
});

after(async () => {
  await browser?.close();
  server?.close();
  await janus?.stop();
});

afterEach(async () => {
  const complaints = pages.flatMap((page) => page.complaints.filter((text) => !page.expected?.test(text)));
  for (const page of pages) {
    if (await page.locator("#call-start[data-phase=running]").count()) {
      await page.click("#call-start"); // gives the name back
      await phase(page, "idle");
      await page.waitForFunction(() => document.querySelector("#line").dataset.phase === "idle");
    }
    await page.context().close();
  }
  pages = [];
  assert.deepEqual(complaints, []);
});

const phase = (page, wanted) => page.waitForFunction((wanted) => document.querySelector("#call-status").dataset.phase === wanted, wanted);
const status = (page, words) => page.waitForFunction((words) => document.querySelector("#call-status").textContent === words, words);
const notice = (page) => page.waitForSelector("#notices strong >> visible=true").then(() => text(page, "#notices"));
const dark = ({ mean }) => Math.max(...mean) < 12;
const off = (page) => page.waitForFunction(() => ["local", "remote"].every((id) => !document.getElementById(`call-${id}`).srcObject));

/** Opens the tab in a window of its own. */
async function visit(name, prepare) {
  const page = await open(browser, `${server.url}/page/index.html#videocall`, prepare);
  pages.push(page);
  await page.waitForSelector("#call-start:enabled");
  await page.fill("#gateway", janus.ws);
  await page.fill("#call-name", name);
  return page;
}

async function register(name) {
  const page = await visit(name);
  await page.press("#call-name", "Enter");
  await status(page, `Registered as ${name}`);
  return page;
}

async function call(page, whom) {
  await page.click("#call-refresh");
  await page.click(`#call-others button[aria-label="Call ${whom}"]`);
}

/** Has ann call bob, who accepts. */
async function talk() {
  const [ann, bob] = [await register("ann"), await register("bob")];
  await call(ann, "bob");
  await bob.click("#call-ring >> text=Accept");
  await status(ann, "In a call with bob");
  await status(bob, "In a call with ann");
  return [ann, bob];
}

test("a call: both see the other, mute, hide, hang up, and once more", async () => {
  const [ann, bob] = [await register("ann"), await register("bob")];
  await bob.waitForSelector('#call-others button[aria-label="Call ann"]');
  await bob.focus("body");
  await call(ann, "bob");
  await status(ann, "Calling bob…");
  await status(bob, "ann is calling");
  await soon.match(() => text(bob, "#call-ring"), /^ann is calling/);
  assert.equal(await bob.evaluate(() => document.activeElement.textContent), "Accept");
  await bob.keyboard.press("Enter");
  for (const page of [ann, bob]) {
    await moves(page, "call-remote");
    await moves(page, "call-local");
  }
  assert.deepEqual([await text(ann, "#call-whom"), await text(bob, "#call-whom")], ["bob", "ann"]);
  await soon.match(() => text(ann, "#call-facts"), /^\d+ × \d+$/);
  await soon.equal(() => ann.isDisabled("#call-others button"), true, "one call at a time");

  await ann.click("#call-hide");
  await until(bob, "call-remote", dark);
  await soon.equal(() => ann.getAttribute("#call-hide", "aria-pressed"), "true");
  await ann.click("#call-hide");
  await until(bob, "call-remote", ({ mean }) => Math.max(...mean) > 60);
  await bob.click("#call-mute");
  await soon.equal(() => bob.getAttribute("#call-mute", "aria-pressed"), "true");

  await bob.click("#call-end");
  for (const [page, name] of [[ann, "ann"], [bob, "bob"]]) {
    await status(page, `Registered as ${name}`);
    await off(page);
    await soon.equal(() => page.isDisabled("#call-mute"), true);
    await soon.equal(() => page.getAttribute("#call-mute", "aria-pressed"), "false");
    assert.equal(await text(page, "#notices"), "");
  }

  await call(bob, "ann");
  await ann.click("#call-ring >> text=Accept");
  for (const page of [ann, bob]) await moves(page, "call-remote");
});

test("declined, given up, busy", async () => {
  const [ann, bob] = [await register("ann"), await register("bob")];
  await call(ann, "bob");
  await bob.waitForSelector("#call-ring button");
  await bob.keyboard.press("Escape");
  await soon.match(() => notice(ann), /^bob declined/);
  for (const page of [ann, bob]) await off(page);
  await status(bob, "Registered as bob");

  await call(ann, "bob");
  await bob.waitForSelector("#call-ring button");
  assert.equal(await text(ann, "#notices"), "", "what was said about the call before is gone");
  await ann.click("#call-end");
  await status(bob, "Registered as bob");
  await soon.equal(() => text(bob, "#call-ring"), "");

  await call(ann, "bob");
  await bob.click("#call-ring >> text=Accept");
  await status(ann, "In a call with bob");
  const carl = await register("carl");
  await call(carl, "bob");
  await soon.match(() => notice(carl), /^bob is in another call/);
  await status(carl, "Registered as carl");
  await off(carl);
  await ann.click("#call-start"); // leaves in the middle of it
  await phase(ann, "idle");
  await status(bob, "Registered as bob");
  await soon.equal(() => text(ann, "#call-others"), "Register to see it.");
});

/** Has the core's hangup come before what the plugin says of it, as it may. */
async function hangupFirst(page) {
  await page.routeWebSocket(/.*/, (ws) => {
    const server = ws.connectToServer();
    const ends = [];
    server.onMessage((message) => {
      const { janus, plugindata } = JSON.parse(message);
      const { event, username } = plugindata?.data?.result ?? {};
      if (event === "hangup" && username !== "ann") return void ends.push(message);
      ws.send(message);
      if (janus === "hangup") for (const end of ends.splice(0)) ws.send(end);
    });
  });
}

test("declined, and the hangup is heard of before the reason", async () => {
  const ann = await visit("ann", hangupFirst);
  await ann.press("#call-name", "Enter");
  const bob = await register("bob");
  await status(ann, "Registered as ann");
  await call(ann, "bob");
  await bob.click("#call-ring >> text=Decline");
  await soon.match(() => notice(ann), /^bob declinedTry again later\.$/);
  await status(ann, "Registered as ann");
  await off(ann);
});

test("names: none, taken, gone", async () => {
  const ann = await register("ann");
  const other = await visit(" ");
  await other.click("#call-start");
  await soon.match(() => notice(other), /^What is your name\?/);
  await other.fill("#call-name", "ann");
  await other.click("#call-start");
  await soon.match(() => notice(other), /^Somebody is called annChoose another name\./);
  await phase(other, "failed");
  await other.fill("#call-name", "bob");
  await other.click("#call-start");
  await status(other, "Registered as bob");
  await ann.waitForSelector('#call-others button[aria-label="Call bob"]'); // it looks by itself
  await other.click("#call-start");
  await phase(other, "idle");
  await other.waitForFunction(() => document.querySelector("#line").dataset.phase === "idle");
  await ann.evaluate(() => document.querySelector("#call-others button")?.click()); // before it looks again
  await soon.match(() => notice(ann), /^bob is not there any more/);
  await status(ann, "Registered as ann");
});

test("no devices: a clock and a tone are sent", async () => {
  const page = await visit("ann");
  await page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = async () => {
      throw new DOMException("Requested device not found", "NotFoundError");
    };
  });
  await page.click("#call-start");
  const bob = await register("bob");
  await call(page, "bob");
  await soon.match(() => notice(page), /^There is no camera and no microphone/);
  await bob.selectOption("#call-camera", "none");
  await bob.click("#call-ring >> text=Accept");
  await until(bob, "call-remote", ({ mean: [r, , b] }) => r > 50 && b > 50);
});

test("the gateway goes and comes back under the same name", async () => {
  const [ann, bob] = await talk();
  for (const page of [ann, bob]) page.expected = /WebSocket/;
  await moves(ann, "call-remote");
  await janus.command("kill");
  for (const page of [ann, bob]) await phase(page, "waiting");
  await janus.command("restart");
  await status(ann, "Registered as ann");
  await status(bob, "Registered as bob");
  for (const page of [ann, bob]) await off(page);
  await call(bob, "ann");
  await ann.click("#call-ring >> text=Accept");
  for (const page of [ann, bob]) await moves(page, "call-remote");
});

test("the programs that are copied compile", async () => {
  const page = await visit("ann");
  await checkPrograms(page, [
    async () => {},
    async () => {
      await page.fill("#call-name", 'a"nn');
      await page.selectOption("#call-camera", "built-in");
      await page.selectOption("#call-microphone", "none");
      await page.click("summary");
      await page.fill("#token", "x");
    },
    async () => {
      await page.fill("#token", "");
      await page.fill("#call-name", "ann");
      await page.click("#call-start");
      const bob = await register("bob");
      await call(page, "bob");
      await bob.click("#call-ring >> text=Decline");
      await notice(page);
    },
  ]);
  await soon.match(() => text(page, "#code"), /user\.Call\(ctx, "bob", peer\)/);
});

test("for everybody: names, contrast, the keyboard, narrow windows", async () => {
  const ann = await visit("ann");
  const idle = (await walk(ann)).join(" ");
  assert.match(idle, /tab-videocall .* call-name call-start call-camera call-microphone language-go/);
  assert.doesNotMatch(idle, /unseen/);
  await ann.press("#call-name", "Enter");
  const bob = await register("bob");
  assert.equal(await bob.getAttribute("#call-ring", "role"), "alert");
  await bob.focus("#log-text");
  await call(ann, "bob");
  await bob.waitForSelector("#call-ring button");
  assert.equal(await bob.evaluate(() => document.activeElement.id), "log-text", "who writes is not disturbed");
  const look = async (page, least, under) => {
    await checkNames(page, ["button", "textbox", "combobox", "tab", "tabpanel", "log", "Video"]);
    await page.emulateMedia({ reducedMotion: "reduce" });
    await checkWidths(page);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.waitForSelector(`html[data-theme="${colorScheme}"]`, { state: "attached" });
      await checkContrast(page, least, under);
    }
  };
  await look(bob, 30, ["#call-ring button >> nth=0", "#call-ring button >> nth=1"]);
  await bob.click("#call-ring >> text=Accept");
  assert.equal(await bob.evaluate(() => document.activeElement.id), "call-end");
  await status(ann, "In a call with bob");
  await look(ann, 30, ["#call-end", "#call-mute"]);
});
