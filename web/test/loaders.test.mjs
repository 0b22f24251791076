// The packed package, loaded each way the README names, in Chromium and in Node.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { after, before } from "node:test";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { rspack } from "@rspack/core";
import * as esbuild from "esbuild";
import * as vite from "vite";
import * as vite7 from "vite7";
import webpack from "webpack";
import { launch, open } from "./browser.mjs";
import { serve } from "./server.mjs";
import { test } from "./setup.mjs";

const web = fileURLToPath(new URL("..", import.meta.url));
let browser, folder, number = 0;

before(async () => {
  browser = await launch();
  folder = await mkdtemp(join(tmpdir(), "bifrons-loaders-"));
  const [{ filename }] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder], { cwd: web, stdio: ["ignore", "pipe", "ignore"] }),
  );
  execFileSync("tar", ["-xzf", filename], { cwd: folder });
});

after(async () => {
  await browser?.close();
  if (folder) await rm(folder, { recursive: true });
});

/** What every page does: the program answers, if only that it knows no such scheme. */
const use = `
  const program = await init(OPTIONS);
  const sink = EchoTest.plugin;
  document.title = await program.dial("foo://").catch((error) => sink + " " + error.kind);
`;
const program = (options = "", more = "") => `
  import { init } from "bifrons";
  import { EchoTest } from "bifrons/plugins/echotest";
  ${more}
  ${use.replace("OPTIONS", options)}
`;
const html = (script) => `<!doctype html><title>waiting</title><link rel="icon" href="data:,">${script}`;

/** Makes the folder of a page that has the package installed, and its files. */
async function app(files) {
  const root = join(folder, `app${++number}`);
  await mkdir(join(root, "node_modules"), { recursive: true });
  await cp(join(folder, "package"), join(root, "node_modules", "bifrons"), { recursive: true });
  for (const [name, text] of Object.entries({ "package.json": '{"type":"module"}', ...files })) await writeFile(join(root, name), text);
  return root;
}

/** Opens a page and waits until it has done its work. */
async function works(url) {
  const page = await open(browser, url);
  await page.waitForFunction(() => document.title !== "waiting", undefined, { timeout: 60_000 }).catch((error) => page.complaints.push(String(error)));
  assert.deepEqual(page.complaints, []);
  assert.equal(await page.title(), "janus.plugin.echotest argument");
  await page.context().close();
}

/** Serves a folder as the root of a site. */
async function site(root) {
  const server = await serve({ root });
  return { url: `${server.url}/index.html`, close: server.close };
}

async function loads(root) {
  const server = await site(root);
  try {
    await works(server.url);
  } finally {
    server.close();
  }
}

test("native modules", async () => {
  const map = { imports: { bifrons: "./node_modules/bifrons/dist/index.js", "bifrons/": "./node_modules/bifrons/dist/" } };
  const root = await app({
    "index.html": html(`<script type="importmap">${JSON.stringify(map)}</script><script type="module">${program().replace("plugins/echotest", "plugins/echotest.js")}</script>`),
  });
  await loads(root);
});

test("a script tag", async () => {
  const root = await app({
    "index.html": html(`<script src="node_modules/bifrons/dist/bifrons.global.js"></script>
      <script>(async () => { const { init, EchoTest } = bifrons; ${use.replace("OPTIONS", "")} })();</script>`),
  });
  await loads(root);
});

for (const [name, { build, createServer }, config] of [
  ["Vite 8", vite, {}],
  ["Vite 7", vite7, { optimizeDeps: { exclude: ["bifrons"] } }],
]) {
  const files = { "index.html": html('<script type="module" src="/main.js"></script>'), "main.js": program() };
  const quiet = { configFile: false, logLevel: "error", cacheDir: ".cache" };

  test(`${name}, built`, async () => {
    const root = await app(files);
    await build({ ...quiet, root, ...config });
    await loads(join(root, "dist"));
  });

  test(`${name}, its development server`, async () => {
    const root = await app(files);
    const server = await createServer({ ...quiet, root, ...config, server: { port: 0, host: "127.0.0.1" } });
    try {
      await server.listen();
      await works(`http://127.0.0.1:${server.httpServer.address().port}/`);
    } finally {
      await server.close();
    }
  });
}

for (const [name, bundle] of [
  ["webpack 5", webpack],
  ["Rspack", rspack],
]) {
  test(name, async () => {
    const root = await app({ "main.js": program() });
    const stats = await new Promise((resolve, reject) =>
      bundle({ context: root, entry: "./main.js", mode: "production", performance: false, output: { path: join(root, "dist") } }, (error, stats) =>
        error ? reject(error) : resolve(stats),
      ),
    );
    assert.deepEqual(stats.toJson().errors, []);
    assert.deepEqual(stats.toJson().warnings, []);
    await writeFile(join(root, "dist", "index.html"), html('<script src="main.js"></script>'));
    await loads(join(root, "dist"));
  });
}

for (const format of ["esm", "iife"]) {
  test(`esbuild, ${format}`, async () => {
    const main = program("{ wasmUrl }", 'import wasmUrl from "bifrons/bifrons.wasm";');
    const wrapped = format === "esm" ? main : main.replace("const program", "(async () => { const program").trimEnd() + "})();";
    const root = await app({ "main.js": wrapped, "index.html": html('<script type="module" src="dist/main.js"></script>') });
    const { warnings } = await esbuild.build({
      absWorkingDir: root,
      entryPoints: ["main.js"],
      bundle: true,
      format,
      target: "es2022",
      outdir: "dist",
      publicPath: "/dist",
      loader: { ".wasm": "file" },
      logLevel: "silent",
      logOverride: { "empty-import-meta": "silent" },
    });
    assert.deepEqual(warnings, []);
    await loads(root);
  });
}

test("esbuild without that line says what to do", async () => {
  const main = `import { init } from "bifrons"; init().catch((error) => (document.title = error.message));`;
  const root = await app({ "main.js": main, "index.html": html('<script src="dist/main.js"></script>') });
  await esbuild.build({ absWorkingDir: root, entryPoints: ["main.js"], bundle: true, format: "iife", target: "es2022", outdir: "dist", logLevel: "silent" });
  const server = await site(root);
  const page = await open(browser, server.url);
  await page.waitForFunction(() => document.title !== "waiting");
  assert.match(await page.title(), /does not know its own address.*init\(\{ wasmUrl/);
  await page.context().close();
  server.close();
});

test("Node: the gateway for tests, and the program for pages", async () => {
  const main = `
    import { readFile } from "node:fs/promises";
    import { TestGateway } from "bifrons/testing";
    const gateway = await TestGateway.start();
    const session = await (await gateway.dial()).newSession();
    const said = [(await session.attach(EchoTest)).plugin];
    await gateway.close();

    const module = await WebAssembly.compile(await readFile(new URL(import.meta.resolve("bifrons/bifrons.wasm"))));
    said.push(await (await init({ module })).dial("foo://").catch(({ kind }) => kind));
    console.log(said.join(" "));
  `;
  const root = await app({ "main.js": `import { init } from "bifrons"; import { EchoTest } from "bifrons/plugins/echotest"; ${main}` });
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["main.js"], { cwd: root });
  assert.deepEqual([stdout, stderr], ["janus.plugin.echotest argument\n", ""]);
});
