import { find, make, onPick } from "../elements.js";

/** One program in two languages. */
export interface Programs {
  readonly go: string;
  readonly typescript: string;
}

type Language = keyof Programs;

/** The panel with the program of the tab that is shown. */
export class Program {
  readonly #code = find("code", "code");
  readonly #said = find("p", "copied");
  #language: Language = "go";
  #programs: Programs = { go: "", typescript: "" };

  constructor() {
    onPick("language", (language) => {
      this.#language = language as Language;
      this.show(this.#programs);
    });
    find("button", "copy-go").addEventListener("click", () => this.#copy("go", "The Go program"));
    find("button", "copy-typescript").addEventListener("click", () => this.#copy("typescript", "The TypeScript program"));
  }

  /** Writes the program again. */
  show(programs: Programs): void {
    this.#programs = programs;
    this.#code.replaceChildren(...colored(programs[this.#language]));
  }

  async #copy(language: Language, what: string): Promise<void> {
    this.#said.textContent = "";
    try {
      await navigator.clipboard.writeText(this.#programs[language]);
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
