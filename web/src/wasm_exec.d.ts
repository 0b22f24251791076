/** The toolchain's wasm_exec.js as a module; scripts/build.mjs makes it. */
declare module "wasm_exec" {
  /** Go's own class. */
  export class Go {
    argv: string[];
    env: Record<string, string>;
    exit: (code: number) => void;
    importObject: { gojs: Record<string, (sp: number) => void> } & WebAssembly.Imports;
    mem: DataView<ArrayBuffer>;
    /** What the program holds, by id; the ids in _idPool are free. Both are gone once it has ended. */
    _values?: unknown[];
    _idPool?: number[];
    /** What setTimeout returned for each timer of the program. */
    _scheduledTimeouts: Map<number, unknown>;
    run(instance: WebAssembly.Instance): Promise<void>;
  }
  /** Calls f while the global object has what a Go program looks for when it starts. */
  export function lend<T>(f: () => T): T;
}
