// What the demo page says when something is wrong, in words.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { launch, open } from "./browser.mjs";
import { buildPage, logged, moves, pageDist, phase, startEcho, test, text, until } from "./demo.mjs";
import { startJanus } from "./janus.mjs";
import { serve } from "./server.mjs";
import { soon } from "./soon.mjs";

let browser, janus, server;

// Not by `bifrons demo`: the page lives on any server.
before(async () => {
  [browser, janus, server] = await Promise.all([
    launch("--host-resolver-rules=MAP site.test 127.0.0.1"),
    startJanus(),
    serve({ folders: { page: pageDist } }),
    buildPage(),
  ]);
});

after(async () => {
  await browser?.close();
  server?.close();
  await janus?.stop();
});

const address = (host = "127.0.0.1") => `${server.url.replace("127.0.0.1", host)}/page/index.html`;
const clock = ({ mean: [r, , b] }) => r > 50 && b > 50;

/** Opens the page, with the gateway filled in, and lets f do what it wants before and after. */
async function visit({ browser: other = browser, host, before = () => {}, expected = /^$/ }, f) {
  const page = await open(other, "about:blank");
  try {
    await before(page);
    await page.goto(address(host));
    await page.waitForSelector("#start:enabled");
    await page.fill("#gateway", janus.ws);
    await f(page);
    assert.deepEqual(page.complaints.filter((text) => !expected.test(text)), []);
  } finally {
    await page.context().close();
  }
}

const notice = (page) => page.waitForSelector("#notices strong").then(() => text(page, "#notices"));

test("no gateway answers", () =>
  visit({ expected: /WebSocket connection to/ }, async (page) => {
    await page.fill("#gateway", "ws://127.0.0.1:1234/");
    await page.click("#start");
    await phase(page, "failed");
    const said = await notice(page);
    assert.match(said, /^No gateway answers at ws:\/\/127\.0\.0\.1:1234\//);
    assert.match(said, /Is Janus running, and are the address and the port right\?/);
    await soon.equal(() => page.evaluate(() => document.querySelector("#local").srcObject), null, "the camera is off");
    await page.fill("#gateway", janus.ws);
    await page.click("#notices button");
    await phase(page, "running");
    assert.equal(await text(page, "#notices"), "");
  }));

test("no address at all", () =>
  visit({}, async (page) => {
    for (const address of ["", "foo://x", "no address"]) {
      await page.fill("#gateway", address);
      await page.click("#start");
      await phase(page, "failed");
      await soon.match(() => notice(page), /^That is no address of a gateway/, address);
    }
  }));

test("not allowed", async () => {
  const strict = await launch("--use-fake-ui-for-media-stream=deny");
  try {
    await visit({ browser: strict }, async (page) => {
      await startEcho(page);
      const said = await text(page, "#notices");
      assert.match(said, /^You have not allowed the camera and the microphoneA clock and a tone are sent instead\./);
      assert.match(said, /Click the icon beside the page's address/);
      await until(page, "remote", clock);
      await soon.equal(() => page.inputValue("#camera"), "built-in");
    });
  } finally {
    await strict.close();
  }
});

test("no devices", () =>
  visit(
    {
      before: (page) =>
        page.addInitScript(() => {
          navigator.mediaDevices.getUserMedia = async () => {
            throw new DOMException("Requested device not found", "NotFoundError");
          };
        }),
    },
    async (page) => {
      await startEcho(page);
      await soon.match(() => text(page, "#notices"), /^There is no camera and no microphone/);
      await until(page, "remote", clock);
    },
  ));

test("no camera, but a microphone", () =>
  visit(
    {
      before: (page) =>
        page.addInitScript(() => {
          const { mediaDevices } = navigator;
          const real = mediaDevices.getUserMedia.bind(mediaDevices);
          mediaDevices.getUserMedia = async (wanted) => {
            if (wanted.video) throw new DOMException("Requested device not found", "NotFoundError");
            return real(wanted);
          };
        }),
    },
    async (page) => {
      await startEcho(page);
      await soon.match(() => text(page, "#notices"), /^There is no cameraA clock is sent instead\./);
      await soon.equal(() => page.inputValue("#microphone"), "device:");
    },
  ));

test("a page that is not secure", () =>
  visit({ host: "site.test" }, async (page) => {
    await soon.match(() => notice(page), /^This page is not secure.*https:\/\/, or at http:\/\/localhost/);
    await startEcho(page);
    await until(page, "remote", clock);
    assert.equal(await page.locator("#notices strong").count(), 1, "it is said once");
  }));

test("the program is missing", () =>
  visit({ before: (page) => page.route("**/bifrons.wasm", (route) => route.fulfill({ status: 404 })), expected: /404/ }, async (page) => {
    await soon.match(() => notice(page), /^The program of this page could not be loaded/);
    await page.unroute("**/bifrons.wasm");
    await page.click("#notices button");
    await logged(page, "The program is loaded");
    await startEcho(page);
  }));

test("no WebRTC", () =>
  visit({ before: (page) => page.addInitScript(() => delete globalThis.RTCPeerConnection) }, async (page) => {
    await soon.match(() => notice(page), /^This browser has no WebRTC/);
  }));

/** A gateway in the page that answers each request as f says. */
function gatewayThat(f) {
  return (page) =>
    page.routeWebSocket(/^ws:/, (socket) =>
      socket.onMessage((message) => {
        const request = JSON.parse(message);
        const answer = f(request);
        if (answer) socket.send(JSON.stringify({ transaction: request.transaction, session_id: request.session_id, ...answer }));
      }),
    );
}

test("the gateway wants a token", () => {
  const before = gatewayThat(() => ({ janus: "error", error: { code: 403, reason: "Unauthorized request" } }));
  return visit({ before }, async (page) => {
    await page.click("#start");
    await phase(page, "failed");
    await soon.match(() => notice(page), /^The gateway wants to know who you are.*"Token or secret"/);
  });
});

test("the gateway has no echo test", () => {
  const before = gatewayThat(({ janus }) =>
    janus === "attach" ? { janus: "error", error: { code: 460, reason: "No such plugin" } } : { janus: "success", data: { id: 1 } },
  );
  return visit({ before }, async (page) => {
    await page.click("#start");
    await phase(page, "failed");
    await soon.match(() => notice(page), /^This gateway has no echo test/);
  });
});

test("a start is cancelled", () =>
  visit({ before: gatewayThat(() => undefined) }, async (page) => {
    await page.click("#start");
    await phase(page, "starting");
    await page.waitForFunction(() => document.querySelector("#status").textContent.includes("gateway"));
    await page.click("#start");
    await phase(page, "idle");
    await soon.equal(() => text(page, "#status"), "Cancelled");
    assert.equal(await text(page, "#notices"), "");
  }));

test("the screen cannot be shared, or nobody chooses one", () =>
  visit({}, async (page) => {
    await startEcho(page);
    for (const [name, right] of [["NotAllowedError", /^$/], ["NotReadableError", /^The screen cannot be shared/]]) {
      await page.evaluate((name) => {
        navigator.mediaDevices.getDisplayMedia = async () => {
          throw new DOMException("no", name);
        };
      }, name);
      await page.click("#share");
      if (name === "NotAllowedError") await logged(page, "No screen was chosen");
      else await notice(page);
      await soon.match(() => text(page, "#notices"), right);
      await soon.equal(() => page.inputValue("#camera"), "device:");
      await soon.equal(() => page.getAttribute("#share", "aria-pressed"), "false");
    }
  }));

test("the gateway goes and comes back", () =>
  visit({ expected: /WebSocket/ }, async (page) => {
    await startEcho(page);
    await janus.command("kill");
    await phase(page, "waiting");
    await soon.match(() => text(page, "#status"), /^The gateway is away: trying to reach it again/);
    await janus.command("restart");
    await phase(page, "running");
    await moves(page, "remote");
    assert.equal(await text(page, "#notices"), "");
    await janus.command("kill");
    await phase(page, "waiting");
    await page.click("#start");
    await phase(page, "idle");
  }));
