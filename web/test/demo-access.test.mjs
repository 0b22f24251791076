// The demo page for the keyboard, the screen reader, and eyes of all kinds.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { launch, open } from "./browser.mjs";
import { buildPage, pageDist, phase, test, text } from "./demo.mjs";
import { startJanus } from "./janus.mjs";
import { serve } from "./server.mjs";

let browser, janus, server, page;

before(async () => {
  buildPage();
  [browser, janus, server] = await Promise.all([launch(), startJanus(), serve({ folders: { page: pageDist } })]);
});

after(async () => {
  await browser?.close();
  server?.close();
  await janus?.stop();
});

beforeEach(async () => {
  page = await open(browser, `${server.url}/page/index.html`);
  await page.waitForSelector("#start:enabled");
  await page.fill("#gateway", janus.ws);
});

afterEach(async () => {
  const { complaints } = page;
  await page.context().close();
  assert.deepEqual(complaints, []);
});

/** Makes the page show everything it has: an echo, answers, and something that is wrong. */
async function showAll() {
  await page.click("#start");
  await phase(page, "running");
  await page.check("#simulcast");
  await page.waitForFunction(() => document.querySelector("#remote").readyState >= 2);
  await page.evaluate(() => {
    document.querySelectorAll("details").forEach((d) => (d.open = true));
    navigator.mediaDevices.getDisplayMedia = async () => {
      throw new DOMException("no", "NotReadableError");
    };
  });
  await phase(page, "running");
  await page.click("#send");
  await page.waitForSelector("#answers li");
  await page.click("#share");
  await page.waitForSelector("#notices strong");
}

test("everything has a name and a role", async () => {
  await showAll();
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
  for (const role of ["button", "textbox", "combobox", "slider", "switch", "radio", "tab", "tabpanel", "log"]) assert.ok(seen.has(role), role);
  for (const role of ["banner", "main", "contentinfo"]) assert.equal(nodes.filter((n) => n.role?.value === role).length, 1, role);
  const headings = await page.$$eval("h1, h2, h3", (all) => all.map((h) => Number(h.localName[1])));
  assert.equal(headings.filter((level) => level === 1).length, 1);
  headings.reduce((before, level) => (assert.ok(level <= before + 1), level), 0);
  assert.equal(await page.getAttribute("html", "lang"), "en");
  const ids = await page.$$eval("[id]", (all) => all.map((e) => e.id));
  assert.equal(new Set(ids).size, ids.length, "ids are unique");
  const broken = await page.$$eval("[aria-labelledby], [aria-describedby], [aria-controls], label[for], output[for]", (all) =>
    all.flatMap((e) => ["aria-labelledby", "aria-describedby", "aria-controls", "for"].map((a) => e.getAttribute(a))).filter((id) => id && !document.getElementById(id)),
  );
  assert.deepEqual(broken, []);
});

test("it is said what happens", async () => {
  for (const [selector, role] of [["#status", "status"], ["#notices", "alert"], ["#log", "log"], ["#copied", "status"]]) {
    assert.equal(await page.getAttribute(selector, "role"), role);
  }
  assert.equal(await page.getAttribute("#answers", "aria-live"), "polite");
  assert.equal(await page.getAttribute("#bitrate", "aria-valuetext"), "none");
  assert.equal(await page.evaluate(() => document.querySelector("#summary").closest("[aria-live]")), null, "numbers are not read out each second");
});

for (const theme of ["light", "dark"]) {
  test(`text stands out, ${theme}`, async () => {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
    await page.waitForSelector(`html[data-theme="${theme}"]`, { state: "attached" });
    await showAll();
    for (const under of ["#start", "#record", "#theme", "#mute-audio", "#tab-echo"]) {
      await page.hover(under);
      const { weak, looked } = await page.evaluate(contrast);
      assert.ok(looked > 60, `${looked} texts`);
      assert.deepEqual(weak, [], `the pointer is on ${under}`);
    }
    await page.click("#start");
    await phase(page, "idle");
    assert.deepEqual((await page.evaluate(contrast)).weak, []);
  });
}

/** Runs in the page: WCAG 2.2, 1.4.3 and 1.4.11. */
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

test("the keyboard alone", async () => {
  await page.click("body", { position: { x: 1, y: 1 } });
  const walk = async () => {
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
  };
  const idle = await walk();
  const order =
    "a tab-echo theme gateway start summary camera microphone bitrate simulcast words " +
    "language-go code-box copy-go copy-typescript log-text log-kind log-clear log";
  assert.equal(idle.join(" "), order);

  await page.focus("#gateway");
  await page.keyboard.press("Enter");
  await phase(page, "running");
  await page.focus("#mute-video");
  await page.keyboard.press("Space");
  await page.waitForFunction(() => document.querySelector("#mute-video").ariaPressed === "true");
  await page.focus("#simulcast");
  await page.keyboard.press("Space");
  await page.waitForFunction(() => !document.querySelector("#substream").disabled);
  await page.waitForFunction(() => document.querySelector("#layer").textContent.includes("full size"));
  await page.focus('input[name="substream"]:checked');
  await page.keyboard.press("ArrowLeft");
  assert.equal(await page.evaluate(() => document.activeElement.value), "1");
  await page.focus("#bitrate");
  await page.keyboard.press("ArrowLeft");
  assert.equal(await text(page, "#bitrate-shown"), "3.0 Mbit/s");
  await page.focus("#start");
  await page.keyboard.press("Enter");
  await phase(page, "idle");
  assert.equal(await page.evaluate(() => document.activeElement.id), "start", "the focus stays");
});

test("the theme is kept", async () => {
  await page.emulateMedia({ colorScheme: "light" });
  await page.click("#theme");
  assert.equal(await page.getAttribute("html", "data-theme"), "dark");
  assert.equal(await page.getAttribute("#theme", "aria-pressed"), "true");
  await page.reload();
  assert.equal(await page.getAttribute("html", "data-theme"), "dark");
  await page.click("#theme");
  assert.equal(await page.getAttribute("html", "data-theme"), "light");
});

test("a narrow window needs no sideways scrolling, and nothing moves for those who want none", async () => {
  await page.emulateMedia({ reducedMotion: "reduce" });
  for (const width of [360, 600, 800, 1100, 1600]) {
    await page.setViewportSize({ width, height: 800 });
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, `${width} pixels`);
    const cut = await page.$$eval("button, label, h2, .now", (all) => {
      const wide = all.filter((e) => e.checkVisibility() && e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1);
      return wide.map((e) => e.id || e.textContent);
    });
    assert.deepEqual(cut, [], `${width} pixels`);
  }
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
});
