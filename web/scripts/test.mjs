// Runs the tests: one file after another, for browsers are measured there, and the
// one that does nothing but wait for minutes beside them. What that one says comes
// last.
import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), "test");
const waits = "hidden.test.mjs";
const reporter = process.stdout.isTTY ? "spec" : "tap";
const files = readdirSync(folder).filter((name) => name.endsWith(".test.mjs"));

/** Runs some of the files, and returns whether all is well and what was said. */
function run(names, stdout) {
  const child = spawn(process.execPath, ["--test", "--test-concurrency=1", `--test-reporter=${reporter}`, ...names.map((name) => join(folder, name))], {
    stdio: ["ignore", stdout, "inherit"],
  });
  let said = "";
  child.stdout?.on("data", (data) => (said += data));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ well: code === 0, said }));
  });
}

const [beside, others] = await Promise.all([run([waits], "pipe"), run(files.filter((name) => name !== waits), "inherit")]);
process.stdout.write(beside.said);
process.exitCode = beside.well && others.well ? 0 : 1;
