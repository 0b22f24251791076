// @ts-check
// A file system in memory. A Go program calls globalThis.fs, which is Node's in
// Node; in a page wasm_exec.js puts functions there that only fail. What Go calls
// and expects is in syscall/fs_js.go.

/** @typedef {(error: Error | null, result?: number) => void} Done */

// As in Node. Go reads them when it starts.
const constants = {
  O_WRONLY: 1, O_RDWR: 2, O_CREAT: 0o100, O_EXCL: 0o200, O_TRUNC: 0o1000, O_APPEND: 0o2000, O_DIRECTORY: 0o200000,
};

/**
 * Makes an fs for one program: it can create files and write them from beginning
 * to end. Whatever else it tries gives it the error ENOSYS, as before.
 *
 * @param {(line: string) => void} print gets the lines of stdout and stderr
 */
export function memory(print) {
  /** @type {Map<string, Uint8Array<ArrayBuffer>[]>} what was written, by name */
  const files = new Map();
  /** @type {Map<number, Uint8Array<ArrayBuffer>[]>} the same, by descriptor */
  const open = new Map();
  const decoder = new TextDecoder();
  let next = 3; // after stdin, stdout and stderr
  let rest = ""; // of a line that has not ended

  const fs = {
    // @ts-expect-error: wasm_exec.js defines it, without types
    ...globalThis.fs,
    constants,

    /**
     * @param {string} path
     * @param {number} flags
     * @param {number} _
     * @param {Done} done
     */
    open(path, flags, _, done) {
      const create = constants.O_CREAT | constants.O_TRUNC;
      if ((flags & create) !== create) return done(failure("ENOSYS"));
      /** @type {Uint8Array<ArrayBuffer>[]} */
      const file = [];
      files.set(path, file);
      open.set(next, file);
      done(null, next++);
    },

    /**
     * @param {number} fd
     * @param {Uint8Array<ArrayBuffer>} bytes a copy of Go's, which nobody else has
     * @param {number} _ the beginning of them, and
     * @param {number} length all of them: Go writes no parts
     * @param {number | null} position null unless the program has moved it
     * @param {Done} done
     */
    write(fd, bytes, _, length, position, done) {
      const file = open.get(fd);
      if (position !== null) return done(failure("ENOSYS"));
      if (file) file.push(bytes);
      else if (fd === 1 || fd === 2) fs.writeSync(fd, bytes);
      else return done(failure("EBADF"));
      done(null, length);
    },

    /**
     * Go itself calls this, too, when it dies.
     *
     * @param {number} _
     * @param {Uint8Array<ArrayBuffer>} bytes
     */
    writeSync(_, bytes) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(print);
      return bytes.length;
    },

    /**
     * @param {number} fd
     * @param {Done} done
     */
    close(fd, done) {
      done(open.delete(fd) ? null : failure("EBADF"));
    },
  };
  return { fs, files };
}

/** @param {string} code one that Go knows; it panics at others */
function failure(code) {
  return Object.assign(new Error(code), { code });
}
