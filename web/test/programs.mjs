// Go programs of this folder that tests run, and tell what to do.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const patience = 150_000; // longer than everything that is tried again

/** Builds programs by the names of their folders; the result runs them, and removes them in the end. */
export async function build(...names) {
  const folder = await mkdtemp(join(tmpdir(), "bifrons-programs-"));
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  execFileSync(process.env.GO ?? "go", ["build", "-o", folder, ...names.map((name) => `./${name}`)], { cwd, stdio: "inherit" });
  return {
    run: (name, ...args) => run(name, join(folder, name), args),
    remove: () => rm(folder, { recursive: true }),
  };
}

/** Runs a program; said has the lines of JSON that it printed. */
function run(name, file, args) {
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const said = [];
  let heard = () => {};
  createInterface({ input: child.stdout }).on("line", (line) => {
    said.push(JSON.parse(line));
    heard();
  });
  /** Waits for a line from a place on, and returns it. */
  const says = async (what, from, right) => {
    const late = timeout(`${name}: ${what}`);
    try {
      for (let next = from; ; next++) {
        while (next >= said.length) {
          await Promise.race([new Promise((resolve) => (heard = resolve)), late.promise, exited.then(() => assert.fail(`${name} ended`))]);
        }
        if (right(said[next])) return said[next];
      }
    } finally {
      late.clear();
    }
  };
  return {
    said,
    says,
    /** Tells it to do something, and waits until it has. */
    does: async (what) => {
      const from = said.length;
      child.stdin.write(`${what}\n`);
      await says(what, from, (line) => line === "done");
    },
    stop: async () => {
      child.stdin.end();
      return (await exited)[0];
    },
  };
}

/** A promise that is rejected when something takes too long. */
export function timeout(what) {
  let timer;
  const promise = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`in vain: ${what}`)), patience)));
  promise.catch(() => {});
  return { promise, clear: () => clearTimeout(timer) };
}
