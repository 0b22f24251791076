import type { Desk } from "./shell/desk.js";

/**
 * A tab of the page. To add one: write its panel as HTML and its code as a module
 * that exports a Tab, and name it in main.ts.
 *
 *     import html from "./textroom.html"; // ids are those of the whole page
 *
 *     export const textRoom: Tab = {
 *       name: "textroom",
 *       title: "Text room",
 *       plugin: { words: "text room", name: TextRoom.plugin },
 *       html,
 *       open: (desk) => new TextRoomTab(desk),
 *     };
 *
 * Whatever goes to the gateway begins with `desk.connection.use(signal)`, which
 * gives the session that all tabs share, and ends with the line's `release()`.
 */
export interface Tab {
  /** Stands in the URL's hash, and at the end of the ids "tab-…" and "panel-…". */
  readonly name: string;
  /** Stands on the tab. */
  readonly title: string;
  /** The plugin it needs: in words, and by its package name. */
  readonly plugin: { readonly words: string; readonly name: string };
  /** The markup of the panel. */
  readonly html: string;
  /** Called once, when the tab is shown for the first time and its panel is in the document. */
  open(desk: Desk): OpenTab;
}

/** What the page tells a tab that was opened. */
export interface OpenTab {
  /** Somebody pressed Enter in the gateway's address: start, or stop. */
  pressed(): void;
  /** The gateway's address, the token or the secret is another: write the programs anew, with `desk.code`. */
  loginChanged(): void;
  /** The tab was opened by a link that goes on after the name and a slash, such as #videoroom/1234. */
  visit?(rest: string): void;
}
