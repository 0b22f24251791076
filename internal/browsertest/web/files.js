"use strict";
// The files of a Go program in a page: those of the module, read-only, from the
// runner, and what the program itself writes, in memory. It replaces what
// wasm_exec.js has, which fails every call, and follows Node's fs as far as Go's
// syscall package uses it.
function installFiles(base, cwd, write) {
	const own = new Map(); // path -> { data } or { dir: true }
	const open = new Map(); // descriptor -> { node, path, at }
	let last = 2;
	const flag = { O_WRONLY: 1, O_RDWR: 2, O_CREAT: 64, O_EXCL: 128, O_TRUNC: 512, O_APPEND: 1024, O_DIRECTORY: 65536 };

	const error = (code) => Object.assign(new Error(code), { code });
	const resolve = (path) => {
		const parts = [];
		for (const part of (path.startsWith("/") ? path : `${cwd}/${path}`).split("/")) {
			if (part === "..") parts.pop();
			else if (part && part !== ".") parts.push(part);
		}
		return `/${parts.join("/")}`;
	};
	const parent = (path) => path.slice(0, path.lastIndexOf("/")) || "/";
	const children = (path) => [...own.keys()].filter((p) => p !== path && parent(p) === path).map((p) => p.slice(p.lastIndexOf("/") + 1));

	const find = async (path) => {
		path = resolve(path);
		if (own.has(path)) return own.get(path);
		const answer = await fetch(`${base}file?path=${encodeURIComponent(path)}`).catch(() => null);
		if (!answer?.ok) throw error("ENOENT");
		if (answer.headers.has("X-Directory")) return { dir: true, names: await answer.json() };
		return { data: new Uint8Array(await answer.arrayBuffer()), foreign: true };
	};
	const mine = (path) => own.get(resolve(path)) ?? (() => { throw error("EROFS"); })();
	const file = (fd) => open.get(fd) ?? (() => { throw error("EBADF"); })();
	const stat = (node) => ({
		dev: 0, ino: 0, nlink: 1, uid: 0, gid: 0, rdev: 0, blksize: 512, blocks: 0, atimeMs: 0, mtimeMs: 0, ctimeMs: 0,
		mode: node.dir ? 0o040755 : 0o100644,
		size: node.data?.length ?? 0,
		isDirectory: () => !!node.dir,
	});
	const resize = (node, size) => {
		if (node.foreign) throw error("EROFS");
		const data = new Uint8Array(size);
		data.set(node.data.subarray(0, size));
		node.data = data;
	};

	const calls = {
		async open(path, flags) {
			let node = await find(path).catch((err) => {
				if (!(flags & flag.O_CREAT)) throw err;
				return null;
			});
			if (node && flags & flag.O_CREAT && flags & flag.O_EXCL) throw error("EEXIST");
			if (!node) own.set(resolve(path), (node = { data: new Uint8Array(0) }));
			if (flags & flag.O_DIRECTORY && !node.dir) throw error("ENOTDIR");
			if (flags & flag.O_TRUNC) resize(node, 0);
			open.set(++last, { node, path: resolve(path), at: flags & flag.O_APPEND ? node.data.length : 0 });
			return last;
		},
		close: (fd) => void open.delete(fd),
		fstat: (fd) => stat(file(fd).node),
		stat: async (path) => stat(await find(path)),
		lstat: async (path) => stat(await find(path)),
		readdir: async (path) => [...new Set([...((await find(path)).names ?? []), ...children(resolve(path))])],
		read(fd, buf, offset, length, position) {
			const f = file(fd);
			const from = position ?? f.at;
			const part = f.node.data.subarray(from, from + length);
			buf.set(part, offset);
			if (position === null) f.at += part.length;
			return part.length;
		},
		write(fd, buf, offset, length, position) {
			const part = buf.subarray(offset, offset + length);
			if (fd === 1 || fd === 2) return write(fd, part);
			const f = file(fd);
			const to = position ?? f.at;
			if (to + length > f.node.data.length) resize(f.node, to + length);
			f.node.data.set(part, to);
			if (position === null) f.at += length;
			return length;
		},
		ftruncate: (fd, size) => resize(file(fd).node, size),
		truncate: (path, size) => resize(mine(path), size),
		mkdir: (path) => void own.set(resolve(path), { dir: true }),
		unlink: (path) => void (mine(path) && own.delete(resolve(path))),
		rmdir: (path) => {
			if (mine(path).dir && children(resolve(path)).length) throw error("ENOTEMPTY");
			own.delete(resolve(path));
		},
		rename: (from, to) => {
			own.set(resolve(to), mine(from));
			own.delete(resolve(from));
		},
		chmod: () => {},
		fchmod: () => {},
		utimes: () => {},
		fsync: () => {},
	};
	own.set("/tmp", { dir: true });
	fs.constants = flag;
	fs.writeSync = write;
	for (const [name, call] of Object.entries(calls)) {
		fs[name] = (...args) => {
			const done = args.pop();
			try {
				const result = call(...args);
				if (result instanceof Promise) result.then((v) => done(null, v), done);
				else done(null, result);
			} catch (err) {
				done(err);
			}
		};
	}
	process.cwd = () => cwd;
	path.resolve = resolve;
}
