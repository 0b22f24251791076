// Builds dist/: the program, compressed copies of it, the program with a gateway
// for tests, the scripts and their types. GO names the go command, whose
// wasm_exec.js goes in.
//
//	node build.mjs program.wasm testing.wasm
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(web, "dist");
const go = process.env.GO ?? "go";
const run = (command, ...args) => execFileSync(command, args, { cwd: web, stdio: ["ignore", "pipe", "inherit"] }).toString().trim();

mkdirSync(dist, { recursive: true });
program(process.argv[2]);
copyFileSync(process.argv[3], join(dist, "bifrons-testing.wasm"));
copyFileSync(join(web, "../transport_js/ticker.js"), join(dist, "ticker.js"));
await scripts();
types();

/** The program. Compressing takes longer than everything else, so what did not change stays. */
function program(built) {
  const wasm = join(dist, "bifrons.wasm");
  const bytes = readFileSync(built);
  const there = [wasm, `${wasm}.br`, `${wasm}.gz`].every(existsSync);
  if (there && bytes.equals(readFileSync(wasm))) return;
  writeFileSync(wasm, bytes);
  const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = constants;
  const params = { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_LGWIN]: 24, [BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(`${wasm}.br`, brotliCompressSync(bytes, { params }));
  writeFileSync(`${wasm}.gz`, gzipSync(bytes, { level: 9 }));
}

/** The modules, and one file for a script tag. */
async function scripts() {
  const options = {
    absWorkingDir: web,
    bundle: true,
    target: "es2022",
    sourcemap: true,
    sourcesContent: true,
    logLevel: "warning",
    plugins: [{ name: "wasm_exec", setup: wasmExec }],
  };
  rmSync(join(dist, "plugins"), { recursive: true, force: true });
  for (const name of readdirSync(dist)) if (name.startsWith("chunk")) rmSync(join(dist, name));
  await build({
    ...options,
    entryPoints: { index: "src/index.ts", testing: "src/testing.ts", ...plugins() },
    outdir: dist,
    format: "esm",
    splitting: true,
    chunkNames: "chunk-[hash]",
  });
  for (const name of Object.keys(plugins())) withoutBare(join(dist, `${name}.js`));
  await build({
    ...options,
    entryPoints: ["src/index.ts"],
    outfile: join(dist, "bifrons.global.js"),
    format: "iife",
    globalName: "bifrons",
    minify: true,
    define: { "import.meta.url": "bifronsScript" },
    // A worker that imports it finds the program beside itself.
    banner: { js: "var bifronsScript = self.document?.currentScript?.src ?? self.location.href;" },
  });
}

/** Chunks are imported for their order, too, which means nothing here; bundlers warn of such an import. */
function withoutBare(file) {
  writeFileSync(file, readFileSync(file, "utf8").replace(/^import "[^"]*\/chunk-\w+\.js";$/gm, ""));
}

/** The plugins that have types, each a module of its own. */
function plugins() {
  const names = readdirSync(join(web, "src/plugins")).flatMap((file) => /^(.*)\.ts$/.exec(file)?.[1] ?? []);
  return Object.fromEntries(names.map((name) => [`plugins/${name}`, `src/plugins/${name}.ts`]));
}

/**
 * The building toolchain's wasm_exec.js as a module. It puts what it makes on
 * the global object: so does this, for a moment, and then everything is as it was.
 */
function wasmExec(plugin) {
  plugin.onResolve({ filter: /^wasm_exec$/ }, () => ({ path: "wasm_exec", namespace: "wasm_exec" }));
  plugin.onLoad({ filter: /./, namespace: "wasm_exec" }, () => ({ contents: wrap(), loader: "js" }));
}

function wrap() {
  const source = readFileSync(join(run(go, "env", "GOROOT"), "lib", "wasm", "wasm_exec.js"), "utf8");
  return `
    function lending(values, f) {
      const before = Object.keys(values).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
      for (const name in values) Object.defineProperty(globalThis, name, { value: values[name], configurable: true, writable: true });
      try {
        return f();
      } finally {
        for (const [name, property] of before) {
          if (property) Object.defineProperty(globalThis, name, property);
          else delete globalThis[name];
        }
      }
    }
    const { Go, ...lent } = lending({ Go: undefined, fs: undefined, process: undefined, path: undefined }, () => {
      ${source}
      const { Go, fs, process, path } = globalThis;
      return { Go, fs, process, path };
    });
    export { Go };
    export const lend = (f) => lending(lent, f);
  `;
}

function types() {
  rmSync(join(dist, "types"), { recursive: true, force: true });
  run(process.execPath, "node_modules/typescript/bin/tsc", "-p", "tsconfig.json");
}
