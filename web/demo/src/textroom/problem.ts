import { JanusError } from "bifrons";
import { Codes } from "bifrons/plugins/textroom";
import { noWay, type Problem } from "../problem.js";
import type { Settings } from "./settings.js";
import type { Stage } from "./talk.js";

/** Says what an error means that only text rooms have. */
export function textProblem(error: unknown, stage: Stage, { name, room, pin }: Settings): Problem | undefined {
  if (!(error instanceof JanusError)) return undefined;
  if (error.kind === "timeout" && stage === "channel") return noWay(error.message);
  if (error.kind !== "plugin") return undefined;
  const is = (title: string, fix: string): Problem => ({ title, fix, detail: error.message, mild: true });
  switch (error.code) {
    case Codes.ErrUsernameInUse:
      return is(`Somebody in room ${room} is called ${name}`, "Choose another name.");
    case Codes.ErrMissingElement: // it can only be the PIN
    case Codes.ErrUnauthorized:
      return is(`Room ${room} ${pin ? "has another PIN" : "has a PIN"}`, "Ask those who made it, or choose another room.");
    case Codes.ErrNoSuchRoom:
      return is(`Room ${room} is not there any more`, "Join again: it is made for you.");
    case Codes.ErrInvalidElement:
      return is(`This gateway has no rooms like ${room}`, typeof room === "string" ? "It counts its rooms: write a number." : "It names its rooms: write a word.");
    default:
      return undefined;
  }
}

/** Says what is missing before anything can be asked. */
export function incomplete({ name, room }: Settings): Problem | undefined {
  const is = (title: string, fix: string): Problem => ({ title, fix, detail: "", mild: true });
  if (!name) return is("What is your name?", "Fill it in: the others see it.");
  if (room === "") return is("Which room?", "Write its number. One that is not there yet is made for you.");
  return undefined;
}
