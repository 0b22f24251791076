// Builds demo/dist/: the page, compiled against the built package by its name.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { build } from "esbuild";

const web = dirname(dirname(fileURLToPath(import.meta.url)));
const demo = join(web, "demo");
const out = join(demo, "dist");

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const options = { absWorkingDir: demo, bundle: true, minify: true, sourcemap: true, target: "es2022", loader: { ".html": "text" }, logLevel: "warning", outdir: out };
const [{ metafile }] = await Promise.all([
  build({ ...options, entryPoints: ["src/main.ts", "style/style.css"], entryNames: "[name]", format: "esm", metafile: true }),
  build({ ...options, entryPoints: ["src/theme.ts"], format: "iife" }),
]);
for (const name of ["index.html", "icon.svg"]) copyFileSync(join(demo, name), join(out, name));
// `bifrons demo` answers for this file; any other server has no gateway to name.
writeFileSync(join(out, "config.json"), JSON.stringify({ gateway: "", native: false }));
for (const suffix of ["", ".br", ".gz"]) copyFileSync(join(web, "dist", `bifrons.wasm${suffix}`), join(out, `bifrons.wasm${suffix}`));
const texts = Object.keys(metafile.outputs).map((path) => path.split("/").pop()).filter((name) => !name.endsWith(".map"));
for (const name of ["index.html", "icon.svg", "theme.js", ...texts]) {
  const bytes = readFileSync(join(out, name));
  writeFileSync(join(out, `${name}.br`), brotliCompressSync(bytes));
  writeFileSync(join(out, `${name}.gz`), gzipSync(bytes, { level: 9 }));
}
