// The demo page for the keyboard, the screen reader, and eyes of all kinds.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { checkContrast, checkNames, checkWidths, walk } from "./demo-checks.mjs";
import { launch, open } from "./browser.mjs";
import { buildPage, pageDist, phase, test, text } from "./demo.mjs";
import { startJanus } from "./janus.mjs";
import { serve } from "./server.mjs";
import { soon } from "./soon.mjs";

let browser, janus, server, page;

before(async () => {
  [browser, janus, server] = await Promise.all([launch(), startJanus(), serve({ folders: { page: pageDist } }), buildPage()]);
});

after(async () => {
  await browser?.close();
  server?.close();
  await janus?.stop();
});

beforeEach(async () => {
  page = await open(browser, `${server.url}/page/index.html`);
  await page.waitForSelector("#start:enabled");
  await page.fill("#gateway", janus.ws);
});

afterEach(async () => {
  const { complaints } = page;
  await page.context().close();
  assert.deepEqual(complaints, []);
});

/** Makes the page show everything it has: an echo, answers, and something that is wrong. */
async function showAll() {
  await page.click("#start");
  await phase(page, "running");
  await page.check("#simulcast");
  await page.waitForFunction(() => document.querySelector("#remote").readyState >= 2);
  await page.evaluate(() => {
    document.querySelectorAll("details").forEach((d) => (d.open = true));
    navigator.mediaDevices.getDisplayMedia = async () => {
      throw new DOMException("no", "NotReadableError");
    };
  });
  await phase(page, "running");
  await page.click("#send");
  await page.waitForSelector("#answers li");
  await page.click("#share");
  await page.waitForSelector("#notices strong");
}

test("everything has a name and a role", async () => {
  await showAll();
  await checkNames(page, ["button", "textbox", "combobox", "slider", "switch", "radio", "tab", "tabpanel", "log"]);
  assert.equal(await page.getAttribute("html", "lang"), "en");
});

test("it is said what happens", async () => {
  for (const [selector, role] of [["#status", "status"], ["#notices", "alert"], ["#log", "log"], ["#copied", "status"]]) {
    assert.equal(await page.getAttribute(selector, "role"), role);
  }
  assert.equal(await page.getAttribute("#answers", "aria-live"), "polite");
  assert.equal(await page.getAttribute("#bitrate", "aria-valuetext"), "none");
  assert.equal(await page.evaluate(() => document.querySelector("#summary").closest("[aria-live]")), null, "numbers are not read out each second");
});

for (const theme of ["light", "dark"]) {
  test(`text stands out, ${theme}`, async () => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.waitForSelector(`html[data-theme="${theme}"]`, { state: "attached" });
    await showAll();
    await checkContrast(page, 60, ["#start", "#record", "#mute-audio", "#tab-echo"]);
    await page.click("#start");
    await phase(page, "idle");
    await checkContrast(page, 50);
  });
}

test("the keyboard alone", async () => {
  const idle = await walk(page);
  const order =
    "a tab-echo theme gateway summary start camera microphone bitrate simulcast words " +
    "language-go code-box copy-go copy-typescript log-text log-kind log-clear log";
  assert.equal(idle.join(" "), order);

  await page.focus("#gateway");
  await page.keyboard.press("Enter");
  await phase(page, "running");
  await page.focus("#mute-video");
  await page.keyboard.press("Space");
  await page.waitForFunction(() => document.querySelector("#mute-video").ariaPressed === "true");
  await page.focus("#simulcast");
  await page.keyboard.press("Space");
  await page.waitForFunction(() => !document.querySelector("#substream").disabled);
  await page.focus('input[name="substream"]:checked');
  await page.keyboard.press("ArrowLeft");
  assert.equal(await page.evaluate(() => document.activeElement.value), "1");
  await page.focus("#bitrate");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await text(page, "#bitrate-shown"), "3.0 Mbit/s");
  await phase(page, "running"); // anew, with simulcast: Chromium complains of a connection that is cancelled
  await page.focus("#start");
  await page.keyboard.press("Enter");
  await phase(page, "idle");
  assert.equal(await page.evaluate(() => document.activeElement.id), "start", "the focus stays");
});

test("the theme is kept", async () => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.click("#theme");
  assert.equal(await page.getAttribute("html", "data-theme"), "dark");
  assert.equal(await page.getAttribute("#theme", "aria-pressed"), "true");
  await page.reload();
  assert.equal(await page.getAttribute("html", "data-theme"), "dark");
  await page.click("#theme");
  assert.equal(await page.getAttribute("html", "data-theme"), "light");
});

test("a narrow window needs no sideways scrolling, and nothing moves for those who want none", async () => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  await checkWidths(page);
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
});

test("the tabs, by the keyboard and by the hash", async () => {
  const shown = () => page.$$eval("[role=tabpanel]", (all) => all.filter((panel) => panel.checkVisibility()).map((panel) => panel.id));
  const names = await page.$$eval("[role=tab]", (all) => all.map((tab) => tab.id.slice("tab-".length)));
  assert.ok(names.length > 1);
  const go = async (key, name) => {
    await page.keyboard.press(key);
    assert.deepEqual(await shown(), [`panel-${name}`], key);
    assert.equal(await page.evaluate(() => document.activeElement.id), `tab-${name}`);
    assert.deepEqual(await page.$$eval("[role=tab]", (all) => all.filter((tab) => tab.tabIndex === 0).map((tab) => tab.id)), [`tab-${name}`], "one stop of the Tab key");
    assert.deepEqual(await page.$$eval('[aria-selected="true"]', (all) => all.map((tab) => tab.id)), [`tab-${name}`]);
    assert.equal(new URL(page.url()).hash, `#${name}`);
  };
  await page.focus("#tab-echo");
  await go("ArrowRight", names[1]);
  await go("End", names.at(-1));
  await go("ArrowRight", names[0]);
  await go("ArrowLeft", names.at(-1));
  await go("Home", names[0]);
  await page.keyboard.press("Control+ArrowRight");
  assert.deepEqual(await shown(), [`panel-${names[0]}`], "the browser's own keys are left alone");

  await page.evaluate((name) => (location.hash = name), names[1]);
  await page.waitForSelector(`#panel-${names[1]}:visible`);
  for (const hash of ["main", "nothing/1", "%E0%A4%A"]) {
    await page.evaluate((hash) => (location.hash = hash), hash);
    await soon.deepEqual(() => shown(), [`panel-${names[1]}`], hash);
  }
  await page.goto("about:blank");
  await page.goto(`${server.url}/page/index.html#${names[1]}`);
  await page.waitForSelector(`#panel-${names[1]}:visible`);
  await page.click("#tab-echo");
  await page.click("#start");
  await phase(page, "failed"); // nothing is at the address that a page has at first
  assert.equal(await page.locator(".notice:visible").count(), 1);
  await page.click(`#tab-${names[1]}`);
  assert.equal(await page.locator(".notice:visible").count(), 0, "what is wrong with the echo stays there");
  page.complaints = page.complaints.filter((text) => !/WebSocket connection to/.test(text));
});

test("tabs share one connection, which ends with the last", async () => {
  await page.click("#start");
  await phase(page, "running");
  assert.equal((await janus.sessions()).length, 1);
  await soon.equal(() => page.evaluate(() => document.querySelector("#tab-echo").textContent), "Echo, running");
  await page.click("#tab-videoroom");
  await page.click("#room-show");
  await page.waitForSelector("#room-rooms li");
  assert.equal((await janus.sessions()).length, 1);
  await soon.equal(() => page.getAttribute("#line", "data-phase"), "connected");
  await page.click("#tab-echo");
  await page.click("#start");
  await phase(page, "idle");
  await page.waitForFunction(() => document.querySelector("#line").dataset.phase === "idle");
  assert.equal((await janus.sessions()).length, 0);
});
