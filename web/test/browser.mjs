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

/** Opens a page that must stay free of errors; complaints has those so far. */
export async function open(browser, url) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(60_000); // for machines with other things to do
  page.complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) page.complaints.push(message.text());
  });
  page.on("pageerror", (error) => page.complaints.push(String(error)));
  await page.goto(url);
  return page;
}
