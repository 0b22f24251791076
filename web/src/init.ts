import { Bifrons } from "./bifrons.js";
import { compile, copy, failure } from "./load.js";
import { start } from "./start.js";
import { within } from "./within.js";

/** Settings of {@link init}. */
export interface InitOptions {
  /** Where bifrons.wasm is. Default: beside the script, where bundlers put it too. */
  wasmUrl?: string | URL;
  /** The program, compiled already; `wasmUrl` is not used then. */
  module?: WebAssembly.Module | Promise<WebAssembly.Module>;
  /** Gives the wait up; what is being loaded goes on for others. */
  signal?: AbortSignal;
}

const running = new Map<unknown, Promise<Bifrons>>();

/**
 * Loads the program and starts it. Another call with the same `wasmUrl` or
 * `module` returns the same one, unless it failed or has crashed.
 *
 * It fails with a `JanusError` of kind "load", whose `fix` says what to do.
 */
export async function init(options: InitOptions = {}): Promise<Bifrons> {
  const { signal, module } = options;
  signal?.throwIfAborted();
  const url = options.wasmUrl ?? beside();
  const key = module ?? String(url);
  let program = running.get(key);
  if (!program) {
    const forget = () => running.delete(key);
    program = begin(module ?? compile(url), forget);
    running.set(key, program);
    program.catch(forget);
  }
  return within(program, { signal }, "init");
}

/** Written like this, bundlers find the file and ship it. */
function beside(): URL {
  try {
    return new URL("./bifrons.wasm", import.meta.url);
  } catch (error) {
    throw failure("this script does not know its own address, as a bundler that makes no modules leaves it", copy, error);
  }
}

async function begin(module: WebAssembly.Module | Promise<WebAssembly.Module>, exited: () => void): Promise<Bifrons> {
  return new Bifrons(await start(await module, exited));
}
