import { JanusError } from "./errors.js";

/** @internal What to do when it is not where it should be. */
export const copy =
  "bifrons.wasm has to be served with the page: copy node_modules/bifrons/dist/bifrons.wasm to where the page's other files are, " +
  'and give its address: init({ wasmUrl: "/bifrons.wasm" })';

/** @internal Fetches the program and compiles it, while it arrives where that is possible. */
export async function compile(url: string | URL): Promise<WebAssembly.Module> {
  const response = await get(url);
  const type = (response.headers.get("content-type") ?? "").split(";")[0]!.trim();
  if (!response.ok) throw failure(`${url} gave HTTP status ${response.status}`, copy);
  if (type === "text/html") {
    const spa = "the server answers with a page instead, as single-page applications do for what they do not have";
    throw failure(`${url} is an HTML page: ${spa}`, copy);
  }
  try {
    if (type === "application/wasm" && "compileStreaming" in WebAssembly) {
      return await WebAssembly.compileStreaming(response);
    }
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes[0] !== 0 || bytes[1] !== 0x61 || bytes[2] !== 0x73 || bytes[3] !== 0x6d) throw foreign(url, type, bytes);
    return await WebAssembly.compile(bytes);
  } catch (error) {
    throw error instanceof JanusError ? error : broken(url, error);
  }
}

async function get(url: string | URL): Promise<Response> {
  try {
    return await fetch(url, { credentials: "same-origin" });
  } catch (error) {
    const fix =
      "check that the address is right and the server runs; from another site the server has to allow it (CORS), " +
      "and a Content-Security-Policy has to (connect-src)";
    throw failure(`${url} cannot be fetched: ${(error as Error).message}`, fix, error);
  }
}

/** What came is no WebAssembly. */
function foreign(url: string | URL, type: string, bytes: Uint8Array): JanusError {
  const compressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (compressed || String(url).endsWith(".br")) {
    return failure(`${url} is compressed`, "the server has to say so: Content-Encoding: gzip, or br for a .br file, with Content-Type: application/wasm");
  }
  return failure(`${url} is no WebAssembly but ${type || "of no type"}`, copy);
}

function broken(url: string | URL, error: unknown): JanusError {
  const said = (error as Error).message;
  if (/Content Security Policy|unsafe-eval/i.test(said)) {
    return failure("the page's Content-Security-Policy forbids WebAssembly", "add 'wasm-unsafe-eval' to its script-src", error);
  }
  return failure(`${url} cannot be compiled: ${said}`, "it may be incomplete, or the browser too old: copy the file again, or update the browser", error);
}

/** @internal The message is the fix, too: that is what people see first. */
export function failure(what: string, fix: string, cause?: unknown): JanusError {
  return new JanusError({ kind: "load", op: "init", message: `${what}; ${fix}`, fix, reason: what }, { cause });
}
