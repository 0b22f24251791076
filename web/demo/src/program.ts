import { find, make, onPick } from "./elements.js";
import { goProgram } from "./go.js";
import type { Settings } from "./settings.js";
import { typescriptProgram } from "./typescript.js";

const programs = { go: goProgram, typescript: typescriptProgram };
type Language = keyof typeof programs;

/** The panel with the program for the present settings, in two languages. */
export class Program {
  readonly #code = find("code", "code");
  readonly #said = find("p", "copied");
  #language: Language = "go";
  #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
    onPick("language", (language) => {
      this.#language = language as Language;
      this.show(this.#settings);
    });
    find("button", "copy-go").addEventListener("click", () => this.#copy("go", "The Go program"));
    find("button", "copy-typescript").addEventListener("click", () => this.#copy("typescript", "The TypeScript program"));
    this.show(settings);
  }

  /** Writes the program again. */
  show(settings: Settings): void {
    this.#settings = settings;
    this.#code.replaceChildren(...colored(programs[this.#language](settings)));
  }

  async #copy(language: Language, what: string): Promise<void> {
    this.#said.textContent = "";
    try {
      await navigator.clipboard.writeText(programs[language](this.#settings));
      this.#said.textContent = `${what} is copied.`;
    } catch {
      find("input", `language-${language}`).click();
      getSelection()?.selectAllChildren(this.#code);
      this.#said.textContent = "The browser does not let this page copy: it is marked, press Ctrl+C.";
    }
  }
}

const words = "package|import|from|func|return|if|for|of|range|switch|case|break|defer|const|await|new|type";
const tokens = new RegExp(String.raw`(?<comment>//.*)|(?<string>"(?:[^"\\]|\\.)*")|\b(?<word>${words})\b`, "g");

/** Colours comments, strings and words of the language. */
function colored(program: string): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let end = 0;
  for (const match of program.matchAll(tokens)) {
    const [name] = Object.entries(match.groups!).find(([, text]) => text !== undefined)!;
    parts.push(program.slice(end, match.index), make("i", name, match[0]));
    end = match.index + match[0].length;
  }
  return [...parts, program.slice(end)];
}
