import type { Bifrons } from "bifrons";
import { written } from "../chaos/tokens.js";
import type { Devices } from "../devices.js";
import { environment, problem, type Problem } from "../problem.js";
import type { Tab } from "../tab.js";
import type { Login } from "./bar.js";
import type { Config } from "./config.js";
import type { Connection } from "./connection.js";
import type { Log } from "./log.js";
import type { Action, Notices } from "./notices.js";
import type { Programs } from "./program.js";

/** What the tabs have in common. */
export interface Common {
  readonly config: Config;
  readonly connection: Connection;
  readonly devices: Devices;
  /** Is told of the events of plugins, to show how they heal. */
  readonly heard: (event: { readonly kind: string }) => void;
  readonly log: Log;
  /** Loads the program, or gives the one that is loaded. */
  readonly load: (signal?: AbortSignal) => Promise<Bifrons>;
  readonly login: () => Login;
}

/** What the page does for one tab. */
export interface Hooks {
  readonly code: (programs: Programs) => void;
  readonly link: (rest: string) => void;
  readonly live: (on: boolean) => void;
}

/** What a tab has of the page. */
export class Desk {
  readonly common: Common;
  readonly #tab: Tab;
  readonly #notices: Notices;
  readonly #on: Hooks;

  constructor(common: Common, tab: Tab, notices: Notices, on: Hooks) {
    this.common = common;
    this.#tab = tab;
    this.#notices = notices;
    this.#on = on;
  }

  get connection(): Connection {
    return this.common.connection;
  }

  get devices(): Devices {
    return this.common.devices;
  }

  get log(): Log {
    return this.common.log;
  }

  /** The login, for the programs. */
  get login(): Login {
    return written(this.common.login(), this.common.config);
  }

  /** Writes what the tab does as programs, for the panel with the code. */
  code(programs: Programs): void {
    this.#on.code(programs);
  }

  /** Sets what stands in the URL after the tab's name, for OpenTab.visit. */
  link(rest: string): void {
    this.#on.link(rest);
  }

  /** Marks the tab as one in which something goes on. */
  live(on: boolean): void {
    this.#on.live(on);
  }

  /** Takes away what the tab said was wrong, and says what is wrong with the page itself. */
  clear(): void {
    this.#notices.clear();
    const wrong = environment();
    if (wrong) this.show(wrong);
  }

  /** Says what is wrong, above the panel and in the log. */
  show(why: Problem, action?: Action): void {
    this.#notices.show(why, action);
    this.log.add("page", `${why.title}: ${why.detail}`, { bad: true });
  }

  /** Says what an error means; `reached`: the gateway had answered before. */
  failed(error: unknown, { action, reached = true }: { action?: Action; reached?: boolean } = {}): void {
    this.show(this.problem(error, reached), action);
  }

  /** Says in words what an error means. */
  problem(error: unknown, reached = true): Problem {
    return problem(error, { gateway: this.login.gateway, plugin: this.#tab.plugin, reached });
  }
}
