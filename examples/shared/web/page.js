// @ts-check
// The page of examples/shared: main.wasm does the talking, this shows it. It runs
// as it is; tsc checks it against the types made from the Go structs.

/** @import { ID, Room } from "./roster.js" */

/** @type {HTMLFormElement} */
const form = find("form");
const notice = find("[role=alert]");
const section = find("section");

// What the Go program calls.
Object.assign(globalThis, {
  roster: {
    /** @param {string} text */
    show: (text) => show(JSON.parse(text, exact)),
    /** @param {string} reason */
    fail: (reason) => fail(reason),
  },
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const data = new FormData(form);
  find("button", HTMLButtonElement).disabled = true;
  notice.textContent = "";
  // @ts-expect-error: wasm_exec.js defines it, without types
  const go = new Go();
  go.argv = ["shared", ...["url", "room", "name"].map((name) => String(data.get(name)))];
  go.exit = () => {}; // fail has said why
  try {
    const { instance } = await WebAssembly.instantiateStreaming(fetch("main.wasm"), go.importObject);
    await go.run(instance);
  } catch (error) {
    fail(`${error}. Is main.wasm built, and served as application/wasm?`);
  }
  find("button", HTMLButtonElement).disabled = false;
});

/** @param {Room} room */
function show(room) {
  section.hidden = false;
  find("h2").textContent = `In room ${room.id}`;
  find("ul").replaceChildren(
    ...(room.people ?? []).map((person) => {
      const item = document.createElement("li");
      item.textContent = (person.display ?? "somebody") + (person.id === room.self ? " (you)" : "");
      return item;
    }),
  );
}

/** @param {string} reason */
function fail(reason) {
  section.hidden = true;
  notice.textContent = reason;
}

/**
 * Ids have up to 64 bits, which JavaScript's numbers have not: such an id is a
 * bigint. Needs Chrome 114, Firefox 135 or Safari 18.4 for rooms of that kind.
 *
 * @param {string} _
 * @param {unknown} value
 * @param {{ source?: string }} [context]
 */
function exact(_, value, context) {
  const digits = context?.source ?? "";
  return typeof value === "number" && !Number.isSafeInteger(value) && /^\d+$/.test(digits) ? BigInt(digits) : value;
}

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} selector
 * @param {new () => T} [_]
 * @returns {T}
 */
function find(selector, _) {
  const found = document.querySelector(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return /** @type {T} */ (found);
}
