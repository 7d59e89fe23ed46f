import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "puppeteer-core";
import { build } from "vite";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { ROOT } from "../../scripts/setup.mjs";
import { parseCatalog, rowsOf } from "../../src/core/catalog.ts";
import type { BenchContext } from "./bench.ts";
import { newPage } from "./pages.ts";
import { distOf, folderRoute, type Route, serveStage } from "./stage.ts";

/** A page of the same browser in which something else judges pictures. The extension is not in it. */
export interface Peer {
  readonly page: Page;
  /** Reads files beforehand, so that only judging is timed. */
  load(addresses: readonly string[]): Promise<void>;
  /** Milliseconds from the file's bytes to the answer, decoding included, and that answer. */
  judge(address: string): Promise<{ ms: number; answer: Readonly<Record<string, number>> }>;
}

/** nsfwjs 4 with its MobileNetV2 on tfjs's WebAssembly backend, one thread. */
export async function openNsfwjs(context: BenchContext, browser: Browser): Promise<Peer> {
  const folder = await context.peers();
  await build({
    root: folder,
    configFile: false,
    logLevel: "error",
    build: {
      outDir: "node_modules/.bench",
      target: "es2023",
      rollupOptions: { input: join(folder, "nsfwjs.js"), output: { entryFileNames: "[name].js" } },
    },
  });
  return openPeer(context, browser, "/peer/nsfwjs.js", {
    "/peer": folderRoute(join(folder, "node_modules/.bench")),
    "/assets": folderRoute(join(folder, "node_modules/.bench/assets")),
    "/tfjs-wasm": folderRoute(join(folder, "node_modules/@tensorflow/tfjs-backend-wasm/dist")),
  });
}

/** The light network alone on ONNX Runtime, as bare as it can be. */
export async function openBare(context: BenchContext, browser: Browser): Promise<Peer> {
  const [row] = rowsOf(parseCatalog(catalogJson), "image");
  const file = row?.files.find(({ provider }) => provider === "wasm");
  if (!row || !file) throw new Error("The catalogue has no picture network for WebAssembly.");
  return openPeer(context, browser, "/peer/bare.js", {
    "/peer": folderRoute(join(ROOT, "test/bench/peers")),
    "/ort": folderRoute(distOf("onnxruntime-web")),
    "/light.json": () => ({ type: "application/json", body: JSON.stringify({ input: row.input }) }),
    "/light.onnx": async () => ({
      type: "application/octet-stream",
      body: await readFile(join(ROOT, "models", file.path)),
    }),
  });
}

interface PeerWorld {
  peer: { judge(file: Blob): Promise<Record<string, number>> };
  files: Map<string, Blob>;
}

async function openPeer(
  context: BenchContext,
  browser: Browser,
  script: string,
  routes: Readonly<Record<string, Route>>,
): Promise<Peer> {
  const origin = await serveStage(context, { ...routes, "/": () => `<script type="module" src="${script}"></script>` });
  // No extension is in a window of its own kind, so the guard neither slows the peer down nor hides its pictures.
  const apart = await browser.createBrowserContext();
  const page = await newPage(apart);
  page.on("pageerror", (error) => context.say(`${script}: ${error}`));
  await page.goto(origin);
  await page.waitForFunction(() => "peer" in globalThis, { timeout: 60_000 });
  return {
    page,
    load: (addresses) =>
      page.evaluate(async (all) => {
        const world = globalThis as unknown as PeerWorld;
        world.files = new Map();
        for (const address of all) world.files.set(address, await (await fetch(address)).blob());
      }, addresses),
    judge: (address) =>
      page.evaluate(async (name) => {
        const { peer, files } = globalThis as unknown as PeerWorld;
        const startedAt = performance.now();
        const answer = await peer.judge(files.get(name) as Blob);
        return { ms: performance.now() - startedAt, answer };
      }, address),
  };
}
