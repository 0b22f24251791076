// What needs neither a browser nor a gateway, in Node.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Imports modules of src. */
async function source(contents) {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL("../src", import.meta.url)), loader: "ts" },
    bundle: true,
    format: "esm",
    write: false,
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}

const { parse, stringify, Turns, within } = await source(`
  export * from "./json.js";
  export * from "./turns.js";
  export * from "./within.js";
`);

test("JSON keeps whole numbers of 64 bits", () => {
  assert.equal(stringify({ room: 18446744073709551615n, a: [1n, 2], t: '"\u00000\u0000"' }), '{"room":18446744073709551615,"a":[1,2],"t":"\\"\\u00000\\u0000\\""}');
  assert.equal(stringify({ a: 1, b: undefined }), '{"a":1}');
  assert.deepEqual(parse('{"a":9007199254740991,"b":0.5,"c":"12345678901234567890"}'), { a: 9007199254740991, b: 0.5, c: "12345678901234567890" });
  // Node 20 does not say how a number was written; browsers do.
  const { room } = parse('{"room":18446744073709551615}');
  assert.ok(room === 18446744073709551615n || typeof room === "number");
});

test("calls take turns", async () => {
  const turns = new Turns();
  const order = [];
  const gates = [];
  const call = (name) => () =>
    new Promise((resolve, reject) => gates.push({ resolve: () => resolve(order.push(name)), reject: () => reject(new Error(name)) }));
  const first = turns.take("x", {}, call("first"));
  const controller = new AbortController();
  const second = turns.take("x", { signal: controller.signal }, call("second"));
  const third = turns.take("x", {}, call("third"));
  const late = turns.take("x", { timeoutMs: 1 }, call("late"));
  assert.equal(gates.length, 1);
  controller.abort(new Error("enough"));
  await assert.rejects(second, /enough/);
  await assert.rejects(late, { kind: "timeout", op: "x" });
  assert.equal(gates.length, 1, "the third waits for the first all the same");
  gates[0].reject();
  await assert.rejects(first, /first/);
  while (gates.length < 2) await new Promise(setImmediate);
  gates[1].resolve();
  await third;
  assert.deepEqual(order, ["third"]);
  const fresh = turns.take("x", {}, call("fresh"));
  assert.equal(gates.length, 3, "nobody is before it");
  gates[2].resolve();
  await fresh;
});

test("waiting ends with its options", async () => {
  const never = new Promise(() => {});
  await assert.rejects(within(never, { timeoutMs: 0 }, "x"), { kind: "timeout" });
  await assert.rejects(within(never, { signal: AbortSignal.abort("no") }, "x"), (reason) => reason === "no");
  assert.equal(await within(Promise.resolve(1), { timeoutMs: 1000, signal: new AbortController().signal }, "x"), 1);
});
