/** Serves the demo site to `npm start` and to the end-to-end tests. Plain Node, no dependency. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

/** Ends with a separator, so that a path that begins with it lies inside. */
const FOLDER = fileURLToPath(new URL("../test/fixtures/demo/", import.meta.url));
const MAX_DELAY_MS = 5_000;

/** The test card and its control lie with the models that they are made for. */
const CARDS = new Map(
  ["test-card.png", "control.png"].map((name) => [
    join(FOLDER, "pictures", name),
    fileURLToPath(new URL(`../models/test-card/${name}`, import.meta.url)),
  ]),
);

/** What is served at all; any other ending is not found. @type {Readonly<Record<string, string>>} */
const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".jpg": "image/jpeg",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".webp": "image/webp",
};

/**
 * @typedef {object} DemoOptions
 * @property {number} [port] 0 takes any free one
 * @property {string} [listed] where the shop's "listed" link leads: the address of a host on a blocklist
 * @property {string} [other] the origin of the one foreign picture, without a slash at the end; this site's own unless told
 */

/**
 * @typedef {object} DemoRequest
 * @property {string} host the Host header
 * @property {string} path with the query
 */

/**
 * @typedef {object} Demo
 * @property {string} origin
 * @property {number} port
 * @property {DemoRequest[]} requests every request so far, in order
 * @property {() => Promise<void>} close cuts what is still open
 */

/**
 * Listens on 127.0.0.1. An address with `?delay=MS` (at most 5000) is answered that much later.
 * @param {DemoOptions} [options]
 * @returns {Promise<Demo>} once it listens; rejects where the port is taken
 */
export async function serveDemo({ port = 0, listed = "about:blank", other = "" } = {}) {
  /** @type {DemoRequest[]} */
  const requests = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    requests.push({ host: request.headers.host ?? "", path });
    void answer(path, response, { listed, other });
  });
  await new Promise((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", () => resolve(undefined));
  });
  const address = server.address();
  const actualPort = address && typeof address === "object" ? address.port : port;
  return { origin: `http://127.0.0.1:${actualPort}`, port: actualPort, requests, close: () => close(server) };
}

/** @param {import("node:http").Server} server */
async function close(server) {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/**
 * @param {string} target path and query
 * @param {import("node:http").ServerResponse} response
 * @param {Readonly<Record<string, string>>} tokens
 */
async function answer(target, response, tokens) {
  const [path = "/", query] = target.split("?", 2);
  await sleep(delayOf(query), undefined, { ref: false });
  const name = nameOf(path);
  const extension = extname(name);
  const type = TYPES[extension];
  const content =
    type && name.startsWith(FOLDER) ? await readFile(CARDS.get(name) ?? name).catch(() => undefined) : undefined;
  if (!type || !content) {
    response.writeHead(404, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
    response.end("Not found\n");
    return;
  }
  const isPicture = type.startsWith("image/");
  response.writeHead(200, { "content-type": type, "cache-control": isPicture ? "max-age=3600" : "no-store" });
  response.end(extension === ".html" ? filled(content.toString(), tokens) : content);
}

/** @param {string | undefined} query */
function delayOf(query) {
  const delay = Number(new URLSearchParams(query).get("delay"));
  return Math.min(MAX_DELAY_MS, Math.max(0, delay || 0));
}

/**
 * The file that a path names, wherever it lies; "" for a path that is not well encoded.
 * @param {string} path
 */
function nameOf(path) {
  try {
    const name = join(FOLDER, decodeURIComponent(path));
    return path.endsWith("/") ? join(name, "index.html") : name;
  } catch {
    return "";
  }
}

/**
 * Puts values in the place of `{{name}}`.
 * @param {string} html
 * @param {Readonly<Record<string, string>>} tokens
 */
function filled(html, tokens) {
  return html.replace(/\{\{(\w+)\}\}/g, (token, name) => tokens[name]?.replace(/[&"<>]/g, escaped) ?? token);
}

/** @param {string} char */
function escaped(char) {
  return `&#${char.charCodeAt(0)};`;
}
