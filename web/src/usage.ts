/**
 * What lives in the program at one moment: counts to watch in a page that stays
 * open for days. What is counted grows with what is open, and comes back to
 * where it was when that was closed and garbage was collected.
 */
export interface Usage {
  /** Go functions that JavaScript can call: the listeners of connections and peers, and promises that are waited for. */
  functions: number;
  /** Objects that this script has of the program, e.g. sessions and tracks. Garbage on the page's side still counts. */
  objects: number;
  /** Goroutines. */
  goroutines: number;
  /** Bytes of the program's heap in use. */
  heap: number;
  /** Bytes of WebAssembly memory, which holds that heap. It never shrinks. */
  memory: number;
  /** JavaScript values that the program holds. */
  values: number;
}
