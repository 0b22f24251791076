// @ts-check
// The page of examples/echotest: main.wasm is the program as it is in a terminal,
// which gets its arguments from the form, and a file system in memory.

import { memory } from "./memory.js";

const form = find("form", HTMLFormElement);
const button = find("button", HTMLButtonElement);
const notice = find("[role=alert]", HTMLElement);
const log = find("[role=log]", HTMLElement);
const section = find("section", HTMLElement);
const video = find("video", HTMLVideoElement);
const link = find("a", HTMLAnchorElement);

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  // A button that is disabled loses the keyboard's focus, one that says so keeps it.
  if (button.ariaDisabled === "true") return;
  button.ariaDisabled = "true";
  clear();
  try {
    await run();
  } catch (error) {
    notice.textContent = `${error}. Is main.wasm built, and served as application/wasm?`;
  }
  button.ariaDisabled = "false";
});

async function run() {
  const { fs, files } = memory((line) => log.append(`${line}\n`));
  Object.assign(globalThis, { fs });
  // @ts-expect-error: wasm_exec.js defines it, without types
  const go = new Go();
  const data = new FormData(form);
  go.argv = ["echotest", ...["url", "clip"].map((name) => String(data.get(name)))];
  let code = 0;
  go.exit = (/** @type {number} */ status) => (code = status);
  const { instance } = await WebAssembly.instantiateStreaming(fetch("main.wasm"), go.importObject);
  await go.run(instance);
  // Go forgets the timer that would wake it up, which then throws.
  for (const timer of go._scheduledTimeouts.values()) clearTimeout(timer);
  if (code === 0) files.forEach(show);
  else notice.textContent = `It failed with exit code ${code}. What it says below tells why.`;
}

function clear() {
  notice.textContent = log.textContent = "";
  section.hidden = true;
  URL.revokeObjectURL(video.src);
  video.removeAttribute("src");
  video.load(); // lets go of it
}

/**
 * Plays a file, and offers it.
 *
 * @param {Uint8Array<ArrayBuffer>[]} parts
 * @param {string} name
 */
function show(parts, name) {
  video.src = link.href = URL.createObjectURL(new Blob(parts, { type: "video/webm" }));
  link.download = name;
  link.textContent = `Download ${name}`;
  section.hidden = false;
  video.play().catch(() => {}); // not without a click, says the browser: there is a button
}

/**
 * @template {HTMLElement} T
 * @param {string} selector
 * @param {new () => T} type
 * @returns {T}
 */
function find(selector, type) {
  const found = document.querySelector(selector);
  if (!(found instanceof type)) throw new Error(`the page has no ${selector}`);
  return found;
}
