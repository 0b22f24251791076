// A web server for the tests: files of folders, and answers made up by a test.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { once } from "node:events";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".css": "text/css",
  ".map": "application/json",
  ".wasm": "application/wasm",
};

/** The folder of the built package. */
export const dist = fileURLToPath(new URL("../dist/", import.meta.url));

/**
 * Serves folders by their first path element, and routes by their whole path:
 * { status, type, body, headers, post }, post gets what a page posts. "/" is an
 * empty page.
 */
export async function serve({ folders = { dist }, root, routes = {}, headers = {} } = {}) {
  const pages = { "/": { type: types[".html"], body: "<!doctype html><title>test</title><link rel=icon href=data:,>" }, ...routes };
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
    const page = pages[path] ?? (await file(place(root, folders, path)));
    if (page.post) {
      const parts = [];
      for await (const part of request) parts.push(part);
      page.post(Buffer.concat(parts).toString());
    }
    response.writeHead(page.status ?? 200, { "content-type": page.type ?? "text/plain", ...headers, ...page.headers });
    response.end(page.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    routes: pages,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function place(root, folders, path) {
  const [, first, ...rest] = normalize(path).split("/");
  return root ? join(root, first, ...rest) : join(folders[first] ?? "", ...rest);
}

async function file(name) {
  try {
    return { body: await readFile(name), type: types[extname(name)] };
  } catch {
    return { status: 404, body: "not found" };
  }
}
