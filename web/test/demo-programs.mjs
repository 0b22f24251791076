// The programs that a tab of the demo page shows: they have to compile.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { web } from "./demo.mjs";

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
    const go = process.env.GO ?? "go";
    for (const [i, set] of settings.entries()) {
      await set();
      const file = join(folder, `main${i}.go`);
      await writeFile(file, await copy("go"));
      const typescript = await copy("typescript");
      await writeFile(join(folder, `main${i}.ts`), `${typescript}\n`);
      execFileSync(go, ["vet", file], { cwd: web, env: { ...process.env, GOOS: "js", GOARCH: "wasm" }, stdio: "pipe" });
      const formatted = execFileSync(join(execFileSync(go, ["env", "GOROOT"]).toString().trim(), "bin", "gofmt"), [file]);
      const program = await readFile(file, "utf8");
      assert.equal(formatted.toString(), program, "gofmt");
      assert.ok(![program, typescript].some((text) => text.includes('"x"')), "secrets stay out of it");
    }
    const config = { extends: "../tsconfig.json", compilerOptions: { noEmit: true, rootDir: "../.." }, include: ["*.ts"] };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    compile(["-p", folder]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Runs the TypeScript compiler. */
export function compile(args) {
  try {
    execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "--noEmit", ...args], { cwd: web, stdio: "pipe" });
  } catch (error) {
    assert.fail(error.stdout.toString());
  }
}
