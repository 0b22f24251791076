import { JanusError } from "bifrons";
import { Codes } from "bifrons/plugins/videocall";
import type { Problem } from "../problem.js";

/** Says what an error means that only video calls have. */
export function callProblem(error: unknown, name: string, whom: string): Problem | undefined {
  if (!(error instanceof JanusError)) return undefined;
  const is = (title: string, fix: string): Problem => ({ title, fix, detail: error.message, mild: true });
  if (error.kind === "busy") return is(`${whom} is in another call`, "Try again later.");
  if (error.kind !== "plugin") return undefined;
  switch (error.code) {
    case Codes.ErrUsernameTaken:
      return is(`Somebody is called ${name}`, "Choose another name.");
    case Codes.ErrNoSuchUsername:
      return is(`${whom} is not there any more`, "Choose somebody else from the list.");
    case Codes.ErrNoCall:
      return is(`${whom} does not call any more`, "You can call back.");
    default:
      return undefined;
  }
}
