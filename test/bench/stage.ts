import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { BenchContext, PictureFile } from "./bench.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".mjs": "text/javascript",
  ".wasm": "application/wasm",
  ".json": "application/json",
};

export interface Served {
  readonly type: string;
  readonly body: string | Uint8Array;
  /** No cache may keep it: whoever wants it again comes again. */
  readonly isFresh?: boolean;
}

/** What a path is answered with; a `string` is a page's HTML. Undefined is 404. */
export type Route = (url: URL) => Promise<Served | string | undefined> | Served | string | undefined;

/**
 * Serves on 127.0.0.1 until the bench ends. Pictures may be cached as on any site, pages not.
 * @param routes by the first part of the path, such as `/picture`.
 * @returns the origin.
 */
export async function serveStage(
  { onEnd }: Pick<BenchContext, "onEnd">,
  routes: Readonly<Record<string, Route>>,
): Promise<string> {
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? "/", `http://${request.headers.host}`);
    const [first] = /^\/[^/]*/.exec(url.pathname) ?? ["/"];
    const found = await routes[first]?.(url);
    if (found === undefined) return void response.writeHead(404).end();
    const { type, body, isFresh } =
      typeof found === "string" ? { type: TYPES[".html"] as string, body: `<!doctype html>${found}` } : found;
    const cache = type.startsWith("image/") && !isFresh ? "max-age=3600" : "no-store";
    response.writeHead(200, { "content-type": type, "cache-control": cache, "access-control-allow-origin": "*" });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onEnd(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** `/picture/NAME?anything`: these files, by name. */
export function pictureRoute(files: readonly PictureFile[]): Route {
  const byName = new Map(files.map(({ name, type, bytes }) => [name, { type, body: bytes }]));
  return ({ pathname }) => byName.get(decodeURIComponent(pathname.slice("/picture/".length)));
}

export function pictureAddress(origin: string, { name }: PictureFile): string {
  return `${origin}/picture/${encodeURIComponent(name)}`;
}

/** The files of a folder under their own names, below the first part of the path. */
export function folderRoute(folder: string): Route {
  return async ({ pathname }) => {
    const path = normalize(join(folder, decodeURIComponent(pathname.replace(/^\/[^/]*\//, ""))));
    if (!path.startsWith(folder + sep)) return undefined;
    const body = await readFile(path).catch(() => undefined);
    return body && { type: TYPES[extname(path)] ?? "application/octet-stream", body };
  };
}

/** The folder of an installed package's built files. */
export function distOf(name: string): string {
  return dirname(fileURLToPath(import.meta.resolve(name)));
}
