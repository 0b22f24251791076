// Chromium for the tests, with fake devices.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const debian = "/usr/lib/chromium/chromium";

export function launch(...more) {
  return chromium.launch({
    executablePath: existsSync(debian) ? debian : "chromium",
    // Playwright spares hidden pages what a browser does to them.
    ignoreDefaultArgs: [
      "--disable-background-timer-throttling",
      "--disable-backgrounding-occluded-windows",
      "--disable-renderer-backgrounding",
    ],
    args: [
      "--no-sandbox", // tests run as root in containers
      "--use-fake-device-for-media-stream",
      "--use-fake-ui-for-media-stream",
      "--autoplay-policy=no-user-gesture-required",
      "--disable-quic",
      ...more,
    ],
  });
}

const pages = new Set();

/** Has a test that fails say what its pages showed. */
export const telling = (body) => async (...args) => {
  try {
    return await body(...args);
  } catch (error) {
    const scenes = await Promise.all([...pages].map(scene));
    if (scenes.length > 0) error.message += `\n${scenes.join("\n")}`;
    throw error;
  }
};

/** What a page shows, where it is the demo's, and its complaints. */
async function scene(page) {
  const shows = page.evaluate(() => {
    const of = (selector) => [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility()).map((e) => e.innerText);
    const texts = of("[id$=status], #notices strong, .tile b, #room-people li, #call-others li, #room-count");
    return [location.hash, ...texts, (document.querySelector("#log")?.textContent ?? "").slice(-800)].join(" | ").replaceAll("\n", " ");
  });
  const late = new Promise((resolve) => setTimeout(resolve, 5000, "does not answer"));
  return `page: ${await Promise.race([shows, late]).catch(String)} ${page.complaints.join(" ")}`;
}

/** Opens a page that must stay free of errors; complaints has those so far. */
export async function open(browser, url, prepare = async () => {}) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(60_000); // for machines with other things to do
  page.complaints = [];
  pages.add(page);
  page.on("close", () => pages.delete(page));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) page.complaints.push(message.text());
  });
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  await prepare(page);
  await page.goto(url);
  return page;
}
