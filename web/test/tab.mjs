// A tab that Playwright does not know. Those it knows have the focus for ever,
// and so are never hidden.
const click = { userGesture: true, awaitPromise: true, returnByValue: true };

/** Opens a tab in a window of its own. */
export async function openTab(browser, url) {
  const root = await browser.newBrowserCDPSession();
  const { browserContextId } = await root.send("Target.createBrowserContext");
  const { targetId } = await root.send("Target.createTarget", { url, browserContextId });
  const { sessionId } = await root.send("Target.attachToTarget", { targetId, flatten: false });

  let last = 0;
  const waiting = new Map();
  const complaints = [];
  root.on("Target.receivedMessageFromTarget", ({ message }) => {
    const { id, result, error, method, params } = JSON.parse(message);
    if (method === "Runtime.consoleAPICalled" && ["error", "warning"].includes(params.type)) {
      complaints.push(params.args.map((arg) => arg.value ?? arg.description).join(" "));
    }
    if (method === "Runtime.exceptionThrown") complaints.push(params.exceptionDetails.exception?.description);
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (error) reject?.(new Error(error.message));
    else resolve?.(result);
  });
  const send = (method, params = {}) =>
    new Promise((resolve, reject) => {
      waiting.set(++last, { resolve, reject });
      const message = JSON.stringify({ id: last, method, params });
      root.send("Target.sendMessageToTarget", { sessionId, message }).catch(reject);
    });
  const evaluate = async (f, arg) => {
    const expression = `(${f})(${arg === undefined ? "" : JSON.stringify(arg)})`;
    const { result, exceptionDetails } = await send("Runtime.evaluate", { expression, ...click });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  };
  await send("Runtime.enable");
  // A new tab has another page at first.
  const there = (url) => location.href.startsWith(url) && document.readyState === "complete";
  while (!(await evaluate(there, url))) await new Promise((resolve) => setTimeout(resolve, 10));

  return {
    complaints,
    send,
    /** Runs a function in the page. */
    evaluate,
    /** Brings another tab to the front for as long as f takes. */
    behind: async (f) => {
      const cover = await root.send("Target.createTarget", { url: "about:blank", browserContextId });
      await root.send("Target.activateTarget", cover);
      try {
        await f();
      } finally {
        await root.send("Target.closeTarget", cover);
        await root.send("Target.activateTarget", { targetId });
      }
    },
    close: async () => {
      await root.send("Target.disposeBrowserContext", { browserContextId });
      await root.detach();
    },
  };
}
