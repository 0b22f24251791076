// The types: tests of them, and the code of the README, compiled as a user's.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("..", import.meta.url));

test("the types, and the READMEs", async () => {
  const folder = `${web}test/readme`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  try {
    const readmes = await Promise.all([`${web}README.md`, `${web}../README.md`].map((name) => readFile(name, "utf8")));
    const blocks = readmes.flatMap((text) => [...text.matchAll(/```ts\n(.*?)```/gs)]);
    assert.ok(blocks.length > 5);
    for (const [i, [, code]] of blocks.entries()) await writeFile(`${folder}/block${i + 1}.ts`, code);
    await writeFile(`${folder}/wasm.d.ts`, 'declare module "*.wasm" {\n  const url: string;\n  export default url;\n}\n');
    await writeFile(`${folder}/node.d.ts`, 'declare module "node:*" {\n  const value: any;\n  export default value;\n}\n');
    const { stdout } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "test/tsconfig.json"], { cwd: web, encoding: "utf8" });
    assert.equal(stdout, "");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
