import { make } from "../elements.js";

const seconds = 60;
const width = 240;
const height = 72;

/** How a chart looks. */
export interface ChartOptions {
  title: string;
  /** Says a value for people. */
  say: (value: number) => string;
  /** The least that the top of the chart stands for. */
  least: number;
  /** A line for each, in its colour: "sent" or "received". */
  faces: readonly string[];
}

/**
 * A chart of the last minute. The drawing is for the eyes; the numbers above it,
 * and the summary of the page, are for everybody.
 */
export class Chart {
  readonly element: HTMLElement;
  readonly #options: ChartOptions;
  /** The values of each line. */
  readonly #lines: number[][];
  readonly #now: HTMLElement[];
  readonly #top = make("span", "");
  readonly #paths: SVGPathElement[] = [];

  constructor(options: ChartOptions) {
    this.#options = options;
    this.#lines = options.faces.map(() => []);
    this.#now = options.faces.map((face) => make("span", face, "–"));
    const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", focusable: "false" });
    for (const y of [0.5, height / 2, height - 0.5]) drawing.append(svg("line", { x1: "0", x2: String(width), y1: String(y), y2: String(y) }));
    for (const face of options.faces) {
      const area = svg("path", { class: `area ${face}` });
      const path = svg("path", { class: face });
      drawing.append(area, path);
      this.#paths.push(area, path);
    }
    const axis = (...ends: Node[]) => make("p", "axis", ...ends);
    const graph = make("div", "graph", axis(this.#top), drawing, axis(make("span", "", "1 min ago"), make("span", "", "now")));
    graph.setAttribute("aria-hidden", "true");
    this.element = make("div", "chart", make("h3", "", options.title), make("p", "now", ...this.#now), graph);
    this.#draw();
  }

  /** Adds the values of a second, one for each line. */
  push(...values: number[]): void {
    this.#lines.forEach((line, i) => {
      line.push(values[i]!);
      if (line.length > seconds) line.shift();
      const [value, unit] = this.#options.say(values[i]!).split(" ");
      this.#now[i]!.replaceChildren(value!, ...(unit ? [make("small", "", ` ${unit}`)] : []));
    });
    this.#draw();
  }

  clear(): void {
    this.#lines.forEach((line, i) => {
      line.length = 0;
      this.#now[i]!.textContent = "–";
    });
    this.#draw();
  }

  #draw(): void {
    const top = nice(1.1 * Math.max(this.#options.least, ...this.#lines.flat()));
    this.#top.textContent = this.#options.say(top);
    this.#lines.forEach((values, i) => {
      const x = (n: number) => (width * (seconds - values.length + n)) / (seconds - 1);
      const points = values.map((v, n) => `${x(n).toFixed(1)} ${(height * (1 - Math.min(v / top, 1))).toFixed(1)}`);
      const path = points.length > 1 ? `M${points.join("L")}` : "";
      this.#paths[2 * i]!.setAttribute("d", path && `${path}L${width} ${height}L${x(0).toFixed(1)} ${height}z`);
      this.#paths[2 * i + 1]!.setAttribute("d", path);
    });
  }
}

/** The next round number: 1, 2 or 5 and zeros. */
function nice(value: number): number {
  const unit = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((n) => n * unit).find((n) => n >= value)!;
}

function svg<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Record<string, string>): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
