// A real Janus for the tests, run by the Go program in test/janus.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** A function that makes a request to the admin API of a gateway. */
export const adminOf = ({ admin, secret }) => async (request) => {
  const body = JSON.stringify({ transaction: "t", admin_secret: secret, ...request });
  return (await fetch(admin, { method: "POST", body })).json();
};

/** Starts a Janus; the result has its addresses, and stop. */
export async function startJanus() {
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  const child = spawn(process.env.GO ?? "go", ["run", "./janus"], { cwd, stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exited = once(child, "exit");
  const say = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error("Janus did not start: is it installed? make deps");
    return JSON.parse(value);
  };
  const addresses = await say();
  const admin = adminOf(addresses);
  return {
    ...addresses,
    /** The ids of the sessions the gateway has. */
    sessions: async () => (await admin({ janus: "list_sessions" })).sessions,
    /** Tells the program: "kill" or "restart". */
    command: async (what) => {
      child.stdin.write(`${what}\n`);
      await say();
    },
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
