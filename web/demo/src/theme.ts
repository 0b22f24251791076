// Light or dark: what the system says, until the user says something else. It
// runs before the page is drawn.
const kept = "bifrons theme";
const dark = matchMedia("(prefers-color-scheme: dark)");

function theme(): string {
  return stored() ?? (dark.matches ? "dark" : "light");
}

/** Storage may be forbidden. */
function stored(): string | null {
  try {
    return localStorage.getItem(kept);
  } catch {
    return null;
  }
}

function keep(name: string): void {
  try {
    localStorage.setItem(kept, name);
  } catch {
    document.documentElement.dataset["theme"] = name; // for this visit
  }
}

function apply(name = theme()): void {
  document.documentElement.dataset["theme"] = name;
  document.getElementById("theme")?.setAttribute("aria-pressed", String(name === "dark"));
}

apply();
dark.addEventListener("change", () => apply());
document.addEventListener("DOMContentLoaded", () => {
  apply();
  document.getElementById("theme")?.addEventListener("click", () => {
    const name = document.documentElement.dataset["theme"] === "dark" ? "light" : "dark";
    keep(name);
    apply(name);
  });
});
