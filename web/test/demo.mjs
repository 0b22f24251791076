// The demo page as a user gets it: built, and served by `bifrons demo` beside
// its native peer.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import * as node from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { telling } from "./browser.mjs";

/** A test that ends, one way or the other: many steps, with video, on a small machine. */
export const test = (name, body) => node.test(name, { timeout: 180_000 }, telling(body));

/** The folder of the npm package. */
export const web = fileURLToPath(new URL("..", import.meta.url));

/** The folder of the built page. */
export const pageDist = join(web, "demo", "dist");

const run = (file, ...args) => promisify(execFile)(file, args, { cwd: web });
let page, program; // once they are built

/** Builds the page, once. */
export function buildPage() {
  return (page ??= run(process.execPath, "scripts/demo.mjs"));
}

/** Builds the program, once, and returns its file. */
export function buildProgram() {
  return (program ??= (async () => {
    const file = join(await mkdtemp(join(tmpdir(), "bifrons-program-")), "bifrons");
    await run(process.env.GO ?? "go", "build", "-o", file, "../cmd/bifrons");
    return file;
  })());
}

node.after(async () => {
  if (program) await rm(dirname(await program), { recursive: true });
});

/**
 * Starts the demo with a Janus, or with the embedded gateway; the result has the page's address, the program, a
 * folder for files, what the native peer said, and stop.
 */
export async function startDemo({ janus = true } = {}) {
  const [program] = await Promise.all([buildProgram(), buildPage()]);
  const folder = await mkdtemp(join(tmpdir(), "bifrons-demo-"));
  const child = spawn(program, ["--json", "demo", ...(janus ? ["--janus"] : []), "--page", pageDist, "--no-open", "--out", join(folder, "demo.webm")], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = [];
  child.stderr.on("data", (data) => said.push(data));
  const exited = once(child, "exit");
  const native = [];
  let told = () => {};
  const url = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (line) => {
      native.push(JSON.parse(line));
      told();
      if (native.at(-1).event === "page") resolve(native.at(-1).url);
    });
    exited.then(() => reject(new Error(`bifrons demo ended: ${Buffer.concat(said)}`)));
  });
  return {
    url,
    program,
    folder,
    /** What the native peer reported so far. */
    native,
    /** Waits until the native peer has reported something. */
    reports: async (right) => {
      while (!native.some(right)) await Promise.race([new Promise((resolve) => (told = resolve)), exited.then(() => Promise.reject(new Error("bifrons demo ended")))]);
    },
    /** Ends it as Ctrl-C does, and returns the exit code. */
    stop: async () => {
      child.kill("SIGINT");
      const [code] = await exited;
      await rm(folder, { recursive: true });
      return code;
    },
  };
}

/** Waits for a phase of the page: "running", "failed" or "idle". */
export async function phase(page, wanted) {
  await page.waitForFunction((wanted) => document.querySelector("#status").dataset.phase === wanted, wanted);
}

/** Starts an echo and waits until it runs and something comes back. */
export async function startEcho(page) {
  await page.click("#start");
  await phase(page, "running");
  await page.waitForFunction(() => document.querySelector("#remote").readyState >= 2);
}

/** Counts the different pictures a video shows, among so many, and looks at the last: its mean colour and its size. */
export function look(page, id, frames) {
  return page.evaluate(
    async ([id, frames]) => {
      const video = document.getElementById(id);
      const context = new OffscreenCanvas(64, 48).getContext("2d", { willReadFrequently: true });
      const pictures = new Set();
      let data;
      for (let i = 0; i < frames; i++) {
        await new Promise((resolve) => video.requestVideoFrameCallback(resolve));
        context.drawImage(video, 0, 0, 64, 48);
        ({ data } = context.getImageData(0, 0, 64, 48));
        pictures.add(data.join());
      }
      const mean = [0, 0, 0];
      for (let i = 0; i < data.length; i++) if (i % 4 < 3) mean[i % 4] += data[i] / (data.length / 4);
      return { moved: pictures.size, mean, width: video.videoWidth };
    },
    [id, frames],
  );
}

/** Waits until what comes back looks as it should. */
export async function until(page, id, right) {
  let last;
  for (let i = 0; i < 200; i++) {
    last = await look(page, id, 3);
    if (right(last)) return last;
  }
  throw new Error(`#${id} never came to look right: ${JSON.stringify(last)}`);
}

/** Waits until a video moves: three pictures in a row are different. */
export function moves(page, id) {
  return until(page, id, ({ moved }) => moved === 3);
}

/** The text of an element. */
export function text(page, selector) {
  return page.textContent(selector);
}

/** Waits until the log has a line with some words. */
export async function logged(page, words) {
  await page.waitForFunction((words) => document.querySelector("#log").textContent.includes(words), words);
}
