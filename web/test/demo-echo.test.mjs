// The echo tab of the demo page, beside the native peer.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, afterEach, before, beforeEach } from "node:test";
import { launch, open } from "./browser.mjs";
import { checkPrograms, compile } from "./demo-programs.mjs";
import { logged, look, moves, phase, startDemo, startEcho, test, text, until } from "./demo.mjs";
import { soon } from "./soon.mjs";

let browser, demo, page;

before(async () => {
  [browser, demo] = await Promise.all([
    launch("--use-fake-device-for-media-stream=device-count=3"),
    startDemo(),
  ]);
});

after(async () => {
  await browser?.close();
  assert.equal(await demo?.stop(), 0, "the demo ends with Ctrl-C, and that is a success");
});

beforeEach(async () => {
  page = await open(browser, demo.url);
  await page.waitForSelector("#start:enabled");
});

afterEach(async () => {
  const { complaints } = page;
  await page.context().close();
  assert.deepEqual(complaints, []);
});

const dark = ({ mean }) => Math.max(...mean) < 12;
const green = ({ mean: [r, g, b] }) => g > 60 && g > 2 * r && g > 2 * b; // the fake camera
const clock = ({ mean: [r, , b] }) => r > 50 && b > 50;

test("a page and a native peer go through one Janus at the same time", async () => {
  await startEcho(page);
  await moves(page, "local");
  await moves(page, "remote");
  await page.waitForFunction(() => /[1-9]\d* kbit\/s come back/.test(document.querySelector("#summary").textContent));
  await soon.match(() => text(page, "#summary"), /pictures a second go out, [1-9]/);
  await soon.match(() => text(page, "#remote-facts"), /^640 × 360, VP[89]$/);
  await logged(page, "The media connection is up");
  assert.ok(demo.native.some((o) => o.event === "connected"), "the native peer runs, too");

  await page.click("#start");
  await phase(page, "idle");
  await soon.equal(() => page.getAttribute("#mute-audio", "disabled"), "");
  await soon.equal(() => page.evaluate(() => document.querySelector("#local").srcObject), null);
  await page.selectOption("#log-kind", "wire");
  await logged(page, "destroy");

  await startEcho(page); // and once more
  await moves(page, "remote");
});

test("mute and hide", async () => {
  await startEcho(page);
  await page.click("#mute-video");
  await until(page, "remote", dark);
  await soon.equal(() => page.getAttribute("#mute-video", "aria-pressed"), "true");
  await page.click("#mute-video");
  await until(page, "remote", green);
});

test("listen, the built-in tone, and mute", async () => {
  await page.selectOption("#microphone", "built-in");
  await startEcho(page);
  await soon.ok(() => page.isHidden("#level"));
  await page.click("#listen");
  await page.waitForFunction(() => document.querySelector("#level").value > 0.01);
  await page.click("#mute-audio");
  await page.waitForFunction(() => document.querySelector("#level").value < 0.001);
  await page.click("#mute-audio");
  await page.waitForFunction(() => document.querySelector("#level").value > 0.01);
});

test("another source: clock, another camera, none, and the first again", async () => {
  await startEcho(page);
  await until(page, "remote", green);
  await page.selectOption("#camera", "built-in");
  await until(page, "remote", clock);
  const cameras = await page.$$eval("#camera option", (all) => all.map((o) => o.value).filter((v) => v.startsWith("device:")));
  assert.equal(cameras.length, 4, "the default and three more");
  await page.selectOption("#camera", cameras[3]); // the one between them is a depth camera
  // Chromium draws nothing on this one that moves: flat green, picture after picture.
  await until(page, "remote", ({ mean: [r, g, b] }) => g > 60 && r < 10 && b < 10);
  const label = () => document.querySelector("#local").srcObject.getVideoTracks()[0].label;
  await soon.equal(() => page.evaluate(label), await text(page, `#camera option[value="${cameras[3]}"]`));
  await look(page, "remote", 10);
  await page.selectOption("#camera", "none");
  await page.waitForFunction(() => document.querySelector("#local").srcObject === null);
  await page.selectOption("#camera", "device:");
  await until(page, "remote", green);
});

test("a start without a picture, which is added later", async () => {
  await page.selectOption("#camera", "none");
  await page.click("#start");
  await phase(page, "running");
  await logged(page, "The audio comes back");
  await page.selectOption("#camera", "built-in");
  await until(page, "remote", clock);
});

test("the screen is shared and given back", async () => {
  await startEcho(page);
  await page.click("#share");
  await until(page, "remote", ({ width }) => width > 640);
  await soon.equal(() => page.inputValue("#camera"), "screen");
  await soon.equal(() => page.getAttribute("#share", "aria-pressed"), "true");
  await page.click("#share");
  await until(page, "remote", ({ width }) => width === 640);
  await soon.equal(() => page.inputValue("#camera"), "device:");

  await page.selectOption("#camera", "screen");
  await until(page, "remote", ({ width }) => width > 640);
  // The browser's own button that ends sharing.
  await page.evaluate(() => document.querySelector("#local").srcObject.getVideoTracks()[0].dispatchEvent(new Event("ended")));
  await until(page, "remote", ({ width }) => width === 640);
  await soon.equal(() => page.getAttribute("#share", "aria-pressed"), "false");
});

test("simulcast: the size that was chosen comes back", async () => {
  await startEcho(page);
  await soon.ok(() => page.isDisabled('input[name="substream"][value="0"]'));
  await page.check("#simulcast");
  await phase(page, "starting");
  await startedAgain();
  // How large a quarter is, is up to the browser: it sends less when the machine is busy.
  const layer = (words) => page.waitForFunction((words) => document.querySelector("#layer").textContent.includes(words), words);
  await page.check('input[name="substream"][value="0"]');
  await layer("a quarter");
  const quarter = await until(page, "remote", ({ width }) => width <= 320);
  await page.check('input[name="substream"][value="1"]');
  await layer("half");
  await until(page, "remote", ({ width }) => width > quarter.width);
  await page.check('input[name="temporal"][value="0"]');
  await logged(page, "Temporal layer 0 comes back now");
  await record(); // the tracks of the echo before are no part of it
});

async function startedAgain() {
  await phase(page, "running");
  await page.waitForFunction(() => document.querySelector("#remote").readyState >= 2);
}

test("the bitrate", async () => {
  await page.fill("#bitrate", "0");
  await soon.equal(() => text(page, "#bitrate-shown"), "64 kbit/s");
  await startEcho(page);
  const rate = async (right) => page.waitForFunction(right, undefined, { timeout: 60_000 });
  await rate(() => parseInt(document.querySelector("#charts .now .sent").textContent, 10) < 150);
  await page.fill("#bitrate", "8");
  await page.selectOption("#log-kind", "wire");
  await logged(page, '"bitrate": 0');
});

test("a message goes to the gateway and back", async () => {
  await startEcho(page);
  for (const words of ["one", "two", "three", "four", "five", "six"]) {
    await page.fill("#words", words);
    await page.keyboard.press("Enter");
    await page.waitForFunction((words) => document.querySelector("#answers li:last-child")?.textContent.startsWith(words), words);
  }
  const answers = await page.$$eval("#answers li", (all) => all.map((li) => li.textContent));
  assert.equal(answers.length, 5);
  assert.match(answers[4], /^six\d+\.\d ms$/);
});

test("a recording is saved, and the picture goes on", async () => {
  await startEcho(page);
  await record();
});

async function record() {
  await logged(page, "The audio comes back");
  await page.click("#record");
  await page.waitForFunction(() => document.querySelector("#record").ariaPressed === "true");
  assert.ok((await look(page, "remote", 40)).moved > 10);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#record")]);
  assert.match(download.suggestedFilename(), /^echo-[\d-]+\.webm$/);
  const probe = ["-v", "error", "-show_entries", "stream=codec_type", "-of", "csv=p=0", await download.path()];
  assert.deepEqual(execFileSync("ffprobe", probe).toString().trim().split(/\s+/).sort(), ["audio", "video"]);
  await moves(page, "remote");
}

test("ICE is restarted, and the picture goes on", async () => {
  await startEcho(page);
  await page.selectOption("#log-kind", "wire");
  await page.click("#restart");
  await page.waitForFunction(() => [...document.querySelectorAll("#log summary")].filter((s) => s.textContent.includes("with offer")).length === 2);
  await page.waitForFunction(() => [...document.querySelectorAll("#log summary")].filter((s) => s.textContent.includes("with answer")).length === 2);
  await moves(page, "remote");
  assert.equal(await page.getAttribute("#status", "data-phase"), "running");
});

test("the log is searched and stays short", async () => {
  await startEcho(page);
  await page.fill("#log-text", "m-line");
  await page.waitForFunction(() => document.querySelectorAll("#log li").length === 2); // one for each track
  await page.fill("#log-text", "");
  await page.selectOption("#log-kind", "wire");
  await page.evaluate(() => {
    const slider = document.querySelector("#bitrate");
    for (let i = 0; i < 200; i++) slider.dispatchEvent(new Event("change"));
  });
  await page.waitForFunction(() => document.querySelector("#log-count").textContent.includes("forgotten"));
  assert.ok((await page.$$eval("#log li", (all) => all.length)) <= 500);
  const left = await page.evaluate(() => {
    document.querySelector("#log-clear").click();
    return document.querySelector("#log").childElementCount;
  });
  assert.equal(left, 0);
});

test("the programs that are copied compile", () =>
  checkPrograms(page, [
    async () => {},
    async () => {
      await page.fill("#gateway", 'wss://example.org/a"b');
      await page.check("#simulcast");
      await page.fill("#bitrate", "3");
      await page.selectOption("#microphone", "built-in");
    },
    async () => {
      await page.click("summary");
      await page.fill("#token", "x");
      await page.selectOption("#camera", "built-in");
    },
    async () => {
      await page.selectOption("#camera", "screen");
      await page.fill("#secret", "x");
      await page.selectOption("#microphone", "device:");
    },
    async () => {
      await page.selectOption("#camera", "none");
      await page.selectOption("#microphone", "none");
    },
  ]));

test("the page compiles against the package's types", () => compile(["-p", "demo/tsconfig.json"]));
