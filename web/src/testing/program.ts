import type { Go } from "wasm_exec";
import { JanusError } from "../errors.js";
import type { InitOptions } from "../init.js";
import { compile, failure } from "../load.js";
import type { Runtime } from "../runtime.js";
import { start } from "../start.js";
import { within } from "../within.js";

const running = new Map<unknown, Promise<Runtime>>();

/**
 * @internal Loads the program with the gateway and starts it, once for each `wasmUrl`
 * or `module`. Without either it is beside the script, which is dist/testing.js.
 */
export function program(options: InitOptions): Promise<Runtime> {
  const { wasmUrl = new URL("./bifrons-testing.wasm", import.meta.url), module, signal } = options;
  const key = module ?? String(wasmUrl);
  let runtime = running.get(key);
  if (!runtime) {
    const forget = () => running.delete(key);
    runtime = begin(module ?? load(wasmUrl), forget);
    running.set(key, runtime);
    runtime.catch(forget);
  }
  return within(runtime, { signal }, "TestGateway.start");
}

async function begin(module: WebAssembly.Module | Promise<WebAssembly.Module>, exited: () => void): Promise<Runtime> {
  try {
    return await start(await module, exited, unref);
  } catch (error) {
    throw renamed(error);
  }
}

/** Node fetches no files. */
function load(url: string | URL): Promise<WebAssembly.Module> {
  return String(url).startsWith("file:") ? read(String(url)) : compile(url);
}

/** The part of Node that reads files. Bundlers, which look for imports, do not see it. */
interface Node {
  process?: { getBuiltinModule?(id: "node:fs/promises"): { readFile(file: URL): Promise<Uint8Array<ArrayBuffer>> } };
}

async function read(url: string): Promise<WebAssembly.Module> {
  const fs = (globalThis as Node).process?.getBuiltinModule?.("node:fs/promises");
  if (!fs) {
    const fix = "use Node 20.16 or newer; a page has to be served over HTTP; or compile the file and give it: TestGateway.start({ module })";
    throw failure(`${url} cannot be read here`, fix);
  }
  try {
    return await WebAssembly.compile(await fs.readFile(new URL(url)));
  } catch (error) {
    const fix = "install the package again, or say where the file is: TestGateway.start({ wasmUrl })";
    throw failure(`${url} cannot be loaded: ${(error as Error).message}`, fix, error);
  }
}

/** Lets Node end in spite of the program's timers, of which Go leaves the last one to run out. */
function unref(go: Go): void {
  const calls = go.importObject.gojs;
  const schedule = calls["runtime.scheduleTimeoutEvent"]!;
  calls["runtime.scheduleTimeoutEvent"] = (sp) => {
    schedule(sp);
    for (const timer of go._scheduledTimeouts.values()) (timer as { unref?(): void }).unref?.();
  };
}

/** What cannot be loaded speaks of the other program. */
function renamed(error: unknown): unknown {
  if (!(error instanceof JanusError) || error.kind !== "load") return error;
  const rename = (text = "") => text.replaceAll("bifrons.wasm", "bifrons-testing.wasm").replaceAll("init(", "TestGateway.start(");
  return failure(rename(error.reason), rename(error.fix), error.cause);
}
