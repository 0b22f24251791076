// The chaos strip of the demo page: everything goes on, whatever happens to the
// gateway, and the page shows how. No line of these tabs is about that.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before } from "node:test";
import { checkContrast, checkNames, checkWidths } from "./demo-checks.mjs";
import { launch, open, telling } from "./browser.mjs";
import { buildPage, buildProgram, logged, moves, phase, startDemo, startEcho, test, text } from "./demo.mjs";
import { soon } from "./soon.mjs";

let browser;

before(async () => {
  [browser] = await Promise.all([launch(), buildProgram(), buildPage()]);
});

after(() => browser?.close());

/** Runs f with a demo and its page, which may complain about sockets only. */
async function demonstrate({ janus, hash = "" }, f) {
  const demo = await startDemo({ janus });
  let page;
  try {
    page = await open(browser, demo.url + hash);
    await page.waitForSelector("#harm-drop:enabled");
    await page.evaluate(() => {
      // What the machine went through.
      globalThis.phases = [];
      const machine = document.querySelector("#machine");
      new MutationObserver(() => phases.push(machine.dataset.phase)).observe(machine, { attributeFilter: ["data-phase"] });
    });
    await telling(f)(page, demo);
    assert.deepEqual(page.complaints.filter((text) => !/WebSocket|409 \(Conflict\)/.test(text)), []);
  } finally {
    await page?.context().close();
    assert.equal(await demo.stop(), 0, "the native peer of the demo went on, too");
  }
}

/** The same at a real Janus and at the embedded gateway, which do not wait for each other. */
async function atBoth(f) {
  for (const { reason } of await Promise.allSettled([true, false].map((janus) => demonstrate({ janus }, f)))) if (reason) throw reason;
}

const shows = (page, id, wanted) => page.waitForFunction(([id, wanted]) => document.getElementById(id).textContent === wanted, [id, wanted]);
const machine = (page, wanted) => page.waitForFunction((wanted) => document.querySelector("#machine [aria-current]")?.dataset.phase === wanted, wanted);

/** Does something to the gateway, and waits until the connection is back. */
async function harm(page, what, count, wanted) {
  await page.click(`#harm-${what}`);
  await shows(page, `count-${count}`, wanted);
  await machine(page, "open");
}

/** Waits until so many percent of the packets that come back are lost. */
const loss = (page, least, most) =>
  page.waitForFunction(([least, most]) => {
    const [, percent] = /, ([\d.]+) % on the way back/.exec(document.querySelector("#summary").textContent) ?? [];
    return percent >= least && percent <= most;
  }, [least, most]);

test("an echo goes on when the socket is dropped and the gateway restarted", () =>
  atBoth(async (page, demo) => {
    await startEcho(page);
    await machine(page, "open");
    await soon.equal(() => text(page, "#machine-next"), await page.inputValue("#gateway"));
    await moves(page, "remote");

    await harm(page, "drop", "resumed", "1");
    await logged(page, "Connected again: of the sessions 1 claimed, 0 rebuilt, 0 lost");
    await phase(page, "running");
    await moves(page, "remote");

    await harm(page, "restart", "rebuilt", "1");
    await logged(page, "Connected again: of the sessions 0 claimed, 1 rebuilt, 0 lost");
    await phase(page, "running");
    await moves(page, "remote");
    await page.fill("#words", "still here");
    await page.click("#send");
    await page.waitForSelector("#answers li:has-text('still here')");

    const phases = await page.evaluate(() => phases.filter((phase, i) => phase !== phases[i - 1]));
    assert.deepEqual(phases, ["connecting", "open", "reconnecting", "open", "reconnecting", "open"]);
    assert.equal(await text(page, "#notices"), "");
    await demo.reports(({ event, text }) => event === "notice" && text === "connected again");

    await page.click("#start");
    await phase(page, "idle");
    await machine(page, "closed");
    await soon.equal(() => text(page, "#machine-next"), "");
  }));

test("an echo goes on when the gateway takes the token away, and when packets are lost", () =>
  atBoth(async (page, demo) => {
    await startEcho(page);
    await machine(page, "open");
    const first = await text(page, "#machine-next");

    await page.click("#harm-token");
    await shows(page, "chaos-said", "Kill the token: done");
    await shows(page, "count-renewed", "1");
    await logged(page, "The gateway refused the token: this is another one");
    await page.waitForFunction((first) => document.querySelector("#machine-next").textContent.startsWith(`${first}, with another token since `), first);
    // With it, the page can do all it could.
    await page.fill("#words", "still here");
    await page.click("#send");
    await page.waitForSelector("#answers li:has-text('still here')");
    await page.selectOption("#log-kind", "wire");
    await logged(page, "403");
    await phase(page, "running");
    await moves(page, "remote");

    await page.click("#harm-loss");
    await shows(page, "chaos-said", "Lose 20 % of packets: done");
    await loss(page, 5, 60); // some come again
    await page.click("#harm-loss");
    await page.waitForFunction(() => document.querySelector("#chaos-said").textContent.startsWith("one thing at a time"));
    await loss(page, 0, 0);
    await phase(page, "running");
    await moves(page, "remote");

    assert.deepEqual(await page.evaluate(() => phases.filter((phase, i) => phase !== phases[i - 1])), ["connecting", "open"]);
    assert.equal(await text(page, "#notices"), "");
    assert.ok(!demo.native.some(({ event }) => event === "notice"), "nobody else noticed");
  }));

test("a frozen gateway thaws, and is left alone until then", () =>
  demonstrate({ janus: true }, async (page) => {
    await startEcho(page);
    await page.click("#harm-freeze");
    await shows(page, "chaos-said", "Freeze for 10 s: done");
    await page.click("#harm-restart");
    await page.waitForFunction(() => document.querySelector("#chaos-said").textContent.startsWith("one thing at a time"));
    await page.selectOption("#log-kind", "wire");
    // It answers again, whether the client made another connection meanwhile or not.
    await page.evaluate(() => document.querySelector("#bitrate").dispatchEvent(new Event("change")));
    await logged(page, "← ack");
    await machine(page, "open");
    await phase(page, "running");
    await moves(page, "remote");
  }));

test("a room of a page and a terminal goes on when sockets are dropped, and when Janus is killed", () =>
  demonstrate({ janus: true, hash: "#videoroom/1234" }, async (page, demo) => {
    await page.fill("#room-name", "Ann");
    await page.setChecked("#room-simulcast", false);
    await page.click("#room-join");
    const status = (wanted) => page.waitForFunction((wanted) => document.querySelector("#room-status").dataset.phase === wanted, wanted);
    await status("running");

    // By the page's way, so that its socket is dropped, too.
    const [, variable, secret] = /^(BIFRONS_\w+)=(\w+) bifrons room publish /.exec(await text(page, "#room-command"));
    const args = ["--json", "room", "publish", await page.inputValue("#gateway"), "--room", "1234", "--as", "Terminal", "--in", "clip", "--record", join(demo.folder, "ann.webm")];
    const terminal = spawn(demo.program, args, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, [variable]: secret } });
    const exited = once(terminal, "exit");
    let heard = () => {};
    const said = [];
    createInterface({ input: terminal.stdout }).on("line", (line) => {
      said.push(JSON.parse(line));
      heard();
    });
    /** Waits for something that the terminal has said since a moment. */
    const says = async (since, right) => {
      while (!said.slice(since).some(right)) await Promise.race([new Promise((resolve) => (heard = resolve)), exited.then(() => assert.fail("the terminal ended"))]);
    };
    const receives = ({ received_bps }) => received_bps > 20_000;
    try {
      const both = async (since) => {
        await Promise.all([terminalMoves(page), says(since, receives)]);
      };
      await both(0);
      for (const [what, count] of [["drop", "resumed"], ["restart", "rebuilt"]]) {
        const since = said.length;
        await harm(page, what, count, "1");
        await says(since, ({ event, text }) => event === "notice" && text === "connected again");
        await status("running");
        await both(said.length);
      }
      assert.ok(Number(await text(page, "#count-resynced")) > 0, "the room was compared after the claim");
      assert.equal(await text(page, "#notices"), "");
    } finally {
      terminal.kill("SIGINT");
      assert.deepEqual(await exited, [0, null]);
    }
  }));

/** Waits until the picture of the terminal has changed twice. */
async function terminalMoves(page) {
  const seen = await page.evaluateHandle(() => new Set());
  await page.waitForFunction((seen) => {
    const tile = [...document.querySelectorAll(".tile[data-live]")].find((tile) => tile.querySelector("b").textContent === "Terminal");
    const video = tile?.querySelector("video");
    if (!video) return false;
    const context = new OffscreenCanvas(64, 36).getContext("2d", { willReadFrequently: true });
    context.drawImage(video, 0, 0, 64, 36);
    return seen.add(context.getImageData(0, 0, 64, 36).data.join()).size > 2;
  }, seen);
}

test("the strip has names, stands out, and fits", () =>
  demonstrate({ janus: false }, async (page) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await startEcho(page);
    await checkNames(page, ["button"]);
    await checkContrast(page, 60, ["#harm-drop"]);
    await checkWidths(page);
  }));
