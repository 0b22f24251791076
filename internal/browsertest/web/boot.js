"use strict";
// Runs a Go test program in this page, or in a Worker of it, and tells the
// runner what it writes and how it ends. The same file is the Worker's script.
{
	const inPage = typeof document !== "undefined";
	if (!inPage) importScripts("/wasm_exec.js", "/files.js");
	const tell = inPage ? (m) => __bifronsTell(JSON.stringify(m)) : (m) => postMessage(m);
	const fail = (what) => {
		tell({ err: `browsertest: ${what}\n` });
		tell({ exit: 2 });
	};

	if (!inPage) { // the runner listens to the page only
		console.error = (...what) => tell({ fault: `console.error: ${what.join(" ")}` });
		addEventListener("unhandledrejection", (e) => tell({ fault: `unhandled rejection: ${e.reason}` }));
	}

	// What a program writes. Characters may be cut between two writes.
	const decoders = { 1: new TextDecoder(), 2: new TextDecoder() };
	const write = (fd, bytes) => {
		const text = decoders[fd].decode(bytes, { stream: true });
		tell(fd === 1 ? { out: text } : { err: text });
		return bytes.length;
	};

	const start = async (base) => {
		const program = await (await fetch(base + "program.json")).json();
		if (program.worker && inPage) {
			const worker = new Worker("/boot.js");
			worker.onmessage = (e) => tell(e.data);
			worker.onerror = (e) => fail(`in the worker: ${e.message}`);
			worker.postMessage(base);
			return;
		}
		installFiles(base, program.dir, write);
		const go = globalThis.goForTest = new Go(); // leak tests look at its tables
		go.argv = ["test", ...program.args];
		go.env = program.env;
		go.exit = (code) => tell({ exit: code });
		const { instance } = await WebAssembly.instantiateStreaming(fetch(base + "test.wasm"), go.importObject);
		await go.run(instance);
	};
	const run = (base) => start(base).catch((err) => fail(err.stack ?? err));
	if (inPage) run(location.pathname);
	else onmessage = (e) => run(e.data);
}
