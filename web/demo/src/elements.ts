type Tags = HTMLElementTagNameMap;

/** Returns the element of index.html with an id. */
export function find<K extends keyof Tags>(tag: K, id: string): Tags[K] {
  const element = document.getElementById(id);
  if (element?.localName !== tag) throw new Error(`index.html has no <${tag} id="${id}">`);
  return element as unknown as Tags[K];
}

/** Makes an element with some text or children. */
export function make<K extends keyof Tags>(tag: K, className: string, ...children: (Node | string)[]): Tags[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children);
  return element;
}

/** Makes a button that does something. */
export function button(className: string, text: string, run: () => void): HTMLButtonElement {
  const made = make("button", className, text);
  made.type = "button";
  made.addEventListener("click", run);
  return made;
}

/** Draws one of the symbols of index.html. It is for the eyes alone. */
export function icon(name: string): SVGSVGElement {
  const namespace = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(namespace, "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(namespace, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Calls f each time the user chooses one of the radio buttons of a name. */
export function onPick(name: string, f: (value: string) => void): void {
  for (const input of document.querySelectorAll<HTMLInputElement>(`input[name="${name}"]`)) {
    input.addEventListener("change", () => input.checked && f(input.value));
  }
}
