// Says how many bytes of a program a page loads, and fails when there are more
// than the budget allows or than size.txt says there were.
//
//	node size.mjs program.wasm [-update]
import { readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const budget = 800_000; // bytes with brotli
const growth = 1.02; // what may come without being recorded
const record = new URL("../size.txt", import.meta.url);

const [file, ...flags] = process.argv.slice(2);
const program = readFileSync(file);
const params = {
  [constants.BROTLI_PARAM_QUALITY]: 11,
  [constants.BROTLI_PARAM_LGWIN]: 24,
  [constants.BROTLI_PARAM_SIZE_HINT]: program.length,
};
const size = {
  raw: program.length,
  gzip: gzipSync(program, { level: 9 }).length,
  brotli: brotliCompressSync(program, { params }).length,
};
const text = Object.entries(size).map(([name, bytes]) => `${name} ${bytes}\n`).join("");
process.stdout.write(text);

if (flags.includes("-update")) writeFileSync(record, text);
const recorded = Number(/^brotli (\d+)$/m.exec(readFileSync(record, "utf8"))?.[1]);
if (size.brotli > budget) {
  fail(`The budget is ${budget} bytes with brotli. See what came with git and go list -deps, and make it smaller.`);
}
if (!(size.brotli <= recorded * growth)) {
  fail(`web/size.txt says ${recorded} bytes with brotli. If it has to be more: make size ARGS=-update`);
}

function fail(why) {
  console.error(why);
  process.exitCode = 1;
}
