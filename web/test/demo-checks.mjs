// What a tab of the demo page has to be for everybody: names and roles, contrast,
// the keyboard, and a narrow window.
import assert from "node:assert/strict";

/** Checks that whatever can be used has a name, that the outline is one, and that ids lead somewhere. */
export async function checkNames(page, roles) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const controls = "button textbox searchbox combobox slider checkbox switch radio tab";
  const wants = new Set(`${controls} tablist tabpanel log Video meter region`.split(" "));
  const seen = new Set();
  for (const { ignored, role, name, properties } of nodes) {
    if (ignored || !wants.has(role?.value)) continue;
    seen.add(role.value);
    assert.ok(name?.value, `a ${role.value} has no name: ${JSON.stringify(properties)}`);
  }
  for (const role of roles) assert.ok(seen.has(role), role);
  for (const role of ["banner", "main", "contentinfo"]) assert.equal(nodes.filter((n) => n.role?.value === role).length, 1, role);
  const headings = await page.$$eval("h1, h2, h3", (all) => all.filter((h) => h.checkVisibility()).map((h) => Number(h.localName[1])));
  assert.equal(headings.filter((level) => level === 1).length, 1);
  headings.reduce((before, level) => (assert.ok(level <= before + 1), level), 0);
  const ids = await page.$$eval("[id]", (all) => all.map((e) => e.id));
  assert.equal(new Set(ids).size, ids.length, "ids are unique");
  const broken = await page.$$eval("[aria-labelledby], [aria-describedby], [aria-controls], label[for], output[for]", (all) =>
    all.flatMap((e) => ["aria-labelledby", "aria-describedby", "aria-controls", "for"].map((a) => e.getAttribute(a))).filter((id) => id && !document.getElementById(id)),
  );
  assert.deepEqual(broken, []);
}

/** Checks that text and borders stand out, wherever the pointer is: WCAG 2.2, 1.4.3 and 1.4.11. */
export async function checkContrast(page, least, under = []) {
  for (const place of ["#theme", ...under]) {
    await page.hover(place);
    const { weak, looked } = await page.evaluate(contrast);
    assert.ok(looked > least, `${looked} texts`);
    assert.deepEqual(weak, [], `the pointer is on ${place}`);
  }
}

/** Runs in the page. */
function contrast() {
  const parse = (color) => {
    const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number);
    return [r, g, b, a];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const background = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((m, n) => n - m);
    return (x + 0.05) / (y + 0.05);
  };
  const weak = [];
  let looked = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement: e, textContent } = walker.currentNode;
    if (!textContent.trim() || !e.checkVisibility() || e.closest("script, option, .unseen, :disabled, .skip, .face .empty")) continue;
    looked++;
    const style = getComputedStyle(e);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    const found = ratio(over(parse(style.color), background(e)), background(e));
    if (found < (large ? 3 : 4.5)) weak.push(`${found.toFixed(2)} ${e.localName}.${e.className}: ${textContent.trim().slice(0, 40)}`);
  }
  for (const e of document.querySelectorAll("input:not([type=radio], [type=range]), select, button:not(.icon, [role=tab])")) {
    if (e.disabled || !e.checkVisibility()) continue;
    looked++;
    const around = background(e.parentElement);
    const found = Math.max(ratio(parse(getComputedStyle(e).borderTopColor), around), ratio(background(e), around));
    if (found < 3) weak.push(`${found.toFixed(2)} border of ${e.localName}#${e.id}`);
  }
  return { weak, looked };
}

/** Goes through the page with the Tab key and returns what has the focus; what does not show it is called unseen. */
export async function walk(page) {
  await page.click("body", { position: { x: 1, y: 1 } });
  const seen = [];
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const e = document.activeElement;
      if (e === document.body) return "";
      const shown = e.type === "radio" ? e.nextElementSibling : e;
      const { outlineStyle, outlineWidth } = getComputedStyle(shown);
      return `${e.id || e.name || e.localName}${outlineStyle === "none" || outlineWidth === "0px" ? " unseen" : ""}`;
    });
    if (!at || at === seen[0]) break;
    seen.push(at);
  }
  return seen;
}

/** Checks that nothing is cut off or needs sideways scrolling. */
export async function checkWidths(page, widths = [320, 360, 600, 800, 1100, 1600]) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `${width} pixels`);
    const cut = await page.$$eval("button, label, h2, .now", (all) => {
      const wide = all.filter((e) => e.checkVisibility() && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1);
      return wide.map((e) => e.id || e.textContent);
    });
    assert.deepEqual(cut, [], `${width} pixels`);
  }
}
