// The programs that a tab of the demo page shows: they have to compile.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { web } from "./demo.mjs";

const go = process.env.GO ?? "go";
const run = async (file, args, env = {}) => (await promisify(execFile)(file, args, { cwd: web, env: { ...process.env, ...env } })).stdout;

/** Makes settings one after the other, copies both programs for each, and compiles them. The token and the secret "x" must not be in them. */
export async function checkPrograms(page, settings) {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const folder = await mkdtemp(join(web, "test", "copied-"));
  try {
    const copy = async (language) => {
      await page.click(`#copy-${language}`);
      await page.waitForFunction(() => document.querySelector("#copied").textContent.includes("is copied"));
      return page.evaluate(() => navigator.clipboard.readText());
    };
    const gofmt = join((await run(go, ["env", "GOROOT"])).trim(), "bin", "gofmt");
    const copied = [];
    for (const [i, set] of settings.entries()) {
      await set();
      const file = join(folder, `main${i}.go`);
      const program = await copy("go");
      await writeFile(file, program);
      const typescript = await copy("typescript");
      await writeFile(join(folder, `main${i}.ts`), `${typescript}\n`);
      assert.ok(![program, typescript].some((text) => text.includes('"x"')), "secrets stay out of it");
      copied.push({ file, program });
    }
    const check = async ({ file, program }) => {
      await run(go, ["vet", file], { GOOS: "js", GOARCH: "wasm" });
      assert.equal(await run(gofmt, [file]), program, "gofmt");
    };
    const config = { extends: "../tsconfig.json", compilerOptions: { noEmit: true, rootDir: "../.." }, include: ["*.ts"] };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    await Promise.all([compile(["-p", folder]), ...copied.map(check)]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs the TypeScript compiler. */
export async function compile(args) {
  await run(process.execPath, ["node_modules/typescript/bin/tsc", "--noEmit", ...args]).catch(({ stdout, message }) => assert.fail(stdout || message));
}
