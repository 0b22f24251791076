import { init } from "bifrons";
import { Devices } from "../devices.js";
import { Strip } from "../chaos/strip.js";
import { credentials } from "../chaos/tokens.js";
import { find, make } from "../elements.js";
import { said } from "../describe.js";
import type { OpenTab, Tab } from "../tab.js";
import { Bar } from "./bar.js";
import type { Config } from "./config.js";
import { Connection } from "./connection.js";
import { Desk, type Common } from "./desk.js";
import { Log } from "./log.js";
import { Notices } from "./notices.js";
import { Program, type Programs } from "./program.js";
import { TabList } from "./tablist.js";

/** A tab, and what the page has of it. */
interface Place {
  readonly tab: Tab;
  readonly panel: HTMLElement;
  readonly notices: Notices;
  readonly desk: Desk;
  programs: Programs;
  /** Its part of the URL. */
  hash: string;
  open: OpenTab | undefined;
}

/** The page without what is in its tabs: it puts the parts together. */
export class Shell {
  readonly #bar: Bar;
  readonly #common: Common;
  readonly #places: Place[];
  readonly #program = new Program();
  readonly #list: TabList;
  #shown: Place | undefined;

  constructor(config: Config, tabs: readonly Tab[]) {
    const log = new Log();
    this.#bar = new Bar(config.gateway || "ws://127.0.0.1:8188/", {
      pressed: () => this.#shown?.open?.pressed(),
      changed: () => this.#places.forEach(({ open }) => open?.loginChanged()),
    });
    const login = () => this.#bar.login;
    const strip = new Strip(log, config.chaos);
    const target = () => ({ gateway: login().gateway, credentials: credentials(login(), config, () => strip.renewed()) });
    const connection = new Connection(log, target, {
      say: (phase, text) => {
        this.#bar.say(phase, text);
        if (phase === "connecting") strip.machine.connecting();
      },
      dialed: (client) => void strip.follow(client).catch((error: unknown) => log.add("page", said(error), { bad: true })),
    });
    this.#common = { config, connection, heard: (event) => strip.heard(event.kind), devices: new Devices(), log, load: (signal) => init(signal && { signal }), login };
    this.#places = tabs.map((tab) => this.#place(tab));
    this.#list = new TabList(tabs, (name) => this.#go(name));
    addEventListener("hashchange", () => this.#follow());
    this.#follow();
    if (!this.#shown) this.#show(this.#places[0]!);
  }

  /** Loads the program, so that the first start is quick, and follows the devices. */
  async load(): Promise<void> {
    const { devices, load, log } = this.#common;
    const { desk } = this.#shown ?? this.#places[0]!;
    desk.clear();
    try {
      const bifrons = await load();
      log.add("page", "The program is loaded");
      await devices.follow(bifrons).catch((error: unknown) => log.add("page", `The devices cannot be listed: ${said(error)}`));
    } catch (error) {
      desk.failed(error, { action: { label: "Load it again", run: () => void this.load() } });
    }
  }

  #place(tab: Tab): Place {
    const panel = make("div", "panel");
    Object.assign(panel, { id: `panel-${tab.name}`, role: "tabpanel", hidden: true });
    panel.setAttribute("aria-labelledby", `tab-${tab.name}`);
    find("div", "panels").append(panel);
    const notices = new Notices();
    const desk = new Desk(this.#common, tab, notices, {
      code: (programs) => {
        place.programs = programs;
        if (this.#shown === place) this.#program.show(programs);
      },
      link: (rest) => {
        place.hash = `#${tab.name}/${encodeURIComponent(rest)}`;
        if (this.#shown === place) history.replaceState(null, "", place.hash);
      },
      live: (on) => this.#list.mark(tab.name, on),
    });
    const place: Place = { tab, panel, notices, desk, programs: { go: "", typescript: "" }, hash: `#${tab.name}`, open: undefined };
    return place;
  }

  /** Shows the tab that the hash names. Others, such as that of the skip link, are none of its business. */
  #follow(): void {
    const [name, ...rest] = decoded(location.hash.slice(1)).split("/");
    const place = this.#places.find(({ tab }) => tab.name === name);
    if (!place) return;
    this.#show(place);
    if (rest.length > 0) place.open?.visit?.(rest.join("/"));
  }

  /** The user chose a tab. It is no page to come back to: the hash is replaced. */
  #go(name: string): void {
    const place = this.#places.find(({ tab }) => tab.name === name)!;
    history.replaceState(null, "", place.hash);
    this.#show(place);
  }

  #show(place: Place): void {
    this.#shown = place;
    this.#list.choose(place.tab.name);
    for (const other of this.#places) {
      other.panel.hidden = other !== place;
      other.notices.hide(other !== place);
    }
    document.title = `Bifrons · ${place.tab.title}`;
    if (!place.open) {
      place.panel.innerHTML = place.tab.html;
      place.open = place.tab.open(place.desk);
    }
    this.#program.show(place.programs);
  }
}

/** A link that somebody wrote by hand may be no proper one. */
function decoded(hash: string): string {
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
}
