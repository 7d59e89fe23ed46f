/**
 * `npm start`: builds the extension, opens it in a browser on the demo site, and with no display (or `--headless`)
 * visits the site itself, prints what was judged and leaves screenshots and the report in `out/`.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build, command, ensureBrowser, ensurePackages, findBrowser, ROOT, step, UserError } from "./setup.mjs";

/** @typedef {import("./setup.mjs").Kind} Kind */

const USAGE = "Usage: npm start -- [--browser chromium|firefox] [--headless]";

/** @returns {{ kind: Kind, isHeadless: boolean }} */
function readArguments() {
  const options = /** @type {const} */ ({ browser: { type: "string" }, headless: { type: "boolean" } });
  let values;
  try {
    values = parseArgs({ options }).values;
  } catch (error) {
    throw new UserError(`${/** @type {Error} */ (error).message}\n${USAGE}`);
  }
  const { browser } = values;
  if (browser !== undefined && browser !== "chromium" && browser !== "firefox") throw new UserError(USAGE);
  const hasDisplay = process.platform !== "linux" || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
  return { kind: browser ?? preferredKind(), isHeadless: values.headless ?? !hasDisplay };
}

/** Chromium and its kin first; Firefox where it alone is installed. */
function preferredKind() {
  return !findBrowser("chromium") && findBrowser("firefox") ? "firefox" : "chromium";
}

/** A real entry of a shipped list, for the link that will not open. Not every ending may be opened without https. */
function listedHost() {
  const lines = readFileSync(join(ROOT, "public/lists/phishing.txt"), "utf8").split("\n");
  const host = lines.find((line) => /^[a-z-]{8,24}\.com$/.test(line));
  if (!host) throw new UserError("public/lists/phishing.txt has no entry for the demo.");
  return host;
}

await command(async () => {
  const { kind, isHeadless } = readArguments();
  await ensurePackages();
  const program = await ensureBrowser(kind);
  const extension = await build(kind);
  // These two need the packages that were installed just now.
  const { serveDemo } = await import("./demo-server.mjs");
  const { openBrowser } = await import("./browser.mjs");
  const listed = listedHost();
  const elsewhere = await serveDemo();
  const demo = await serveDemo({ listed: `http://${listed}/`, other: elsewhere.origin });
  try {
    const options = { program, extension, isHeadless, localHosts: [listed] };
    const guarded = await step(`Opening ${program}`, () => openBrowser(kind, options));
    if (isHeadless) {
      const { drive } = await import("./drive.mjs");
      await drive(guarded, demo).finally(() => guarded.close());
    } else {
      const [page] = await guarded.browser.pages();
      await (page ?? (await guarded.newPage())).goto(demo.origin);
      process.stdout.write(`The demo is at ${demo.origin}. Close the browser to end.\n`);
      await new Promise((resolve) => guarded.browser.once("disconnected", resolve));
    }
  } finally {
    await Promise.all([demo.close(), elsewhere.close()]);
  }
});
