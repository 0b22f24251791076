// Firefox for the tests, with fake devices. Playwright drives only a Firefox of
// its own, so the page runs its scenarios itself and posts what came of them.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const settings = {
  "media.navigator.streams.fake": true,
  "media.navigator.permission.disabled": true,
  "media.autoplay.default": 0,
  // Otherwise it hides addresses behind names that Janus cannot resolve.
  "media.peerconnection.ice.obfuscate_host_addresses": false,
  "app.update.enabled": false,
  "app.normandy.enabled": false,
  "browser.shell.checkDefaultBrowser": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "dom.disable_open_during_load": false,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "services.settings.server": "data:,",
  "toolkit.telemetry.reportingpolicy.firstRun": false,
};

/** Opens a page in a Firefox of its own; the result's close ends it. */
export async function openFirefox(url) {
  const profile = await mkdtemp(join(tmpdir(), "bifrons-firefox-"));
  const lines = Object.entries(settings).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`);
  await writeFile(join(profile, "user.js"), lines.join("\n"));
  const child = spawn("firefox-esr", ["--headless", "--no-remote", "--profile", profile, url], {
    env: { ...process.env, HOME: profile, MOZ_DISABLE_CONTENT_SANDBOX: "1" },
    stdio: "ignore",
    detached: true, // a group of its own, which close ends
  });
  await Promise.race([
    once(child, "spawn"),
    once(child, "error").then(([error]) => {
      throw new Error(`Firefox did not start: ${error.message}; install Debian's firefox-esr`);
    }),
  ]);
  const exited = once(child, "exit");
  return {
    exited,
    close: async () => {
      try {
        process.kill(-child.pid, "SIGKILL");
      } catch {
        // it has ended by itself
      }
      await exited;
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
