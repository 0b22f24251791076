import { Go, lend } from "wasm_exec";
import { JanusError } from "./errors.js";
import { failure } from "./load.js";
import { Runtime, type Dispatch } from "./runtime.js";

/** What both halves have to agree on; wasm/main.go has the same number. */
const version = 1;

/**
 * @internal Runs a program and returns once it takes calls. exited is called when
 * it has ended, prepare with what runs it.
 */
export async function start(module: WebAssembly.Module, exited: () => void, prepare?: (go: Go) => void): Promise<Runtime> {
  const go = new Go();
  const said: string[] = [];
  let status = 0;
  go.exit = (code) => void (status = code);
  go.importObject.gojs["runtime.wasmWrite"] = (sp) => {
    const { mem } = go;
    sp >>>= 0;
    const at = Number(mem.getBigInt64(sp + 16, true));
    said.push(new TextDecoder().decode(new Uint8Array(mem.buffer, at, mem.getInt32(sp + 24, true))));
  };
  prepare?.(go);

  let instance: WebAssembly.Instance;
  try {
    instance = await WebAssembly.instantiate(module, go.importObject);
  } catch (error) {
    throw other((error as Error).message, error);
  }
  // The program asks for the one function by this name, once, while run starts it.
  const hook = `bifrons ${Math.random().toString(36).slice(2)}`;
  go.argv = ["bifrons", hook];
  // Written like this, bundlers ship the file; inlined, a Content-Security-Policy would forbid it.
  if (import.meta.url) go.env = { BIFRONS_TICKER: new URL("./ticker.js?no-inline", import.meta.url).href };
  let runtime: Runtime | undefined;
  let speaks: number | undefined;
  const target = globalThis as Record<string, unknown>;
  target[hook] = (dispatch: Dispatch, theirs: number) => {
    runtime = new Runtime(dispatch, () => ({
      memory: go.mem.buffer.byteLength,
      values: (go._values?.length ?? 0) - (go._idPool?.length ?? 0),
    }));
    speaks = theirs;
  };
  let ended: Promise<void>;
  try {
    ended = lend(() => go.run(instance));
  } finally {
    delete target[hook];
  }
  const over = (thrown?: unknown) => {
    const why = said.join("").trim() || (thrown ? String(thrown) : `exit status ${status}`);
    const message = `the WebAssembly program has ended: ${why}; init() starts another`;
    runtime?.exited(new JanusError({ kind: "crashed", message, reason: why }, { cause: thrown }));
    exited();
  };
  ended.then(() => over(), over);
  if (!runtime || speaks !== version) throw other(said.join("").trim() || `it is of another version: ${speaks}, not ${version}`);
  return runtime;
}

function other(why: string, cause?: unknown): JanusError {
  return failure(
    `bifrons.wasm does not fit this script: ${why}`,
    "both come from one version of the package: copy node_modules/bifrons/dist/bifrons.wasm again, and make caches forget the old one",
    cause,
  );
}
