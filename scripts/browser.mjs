/** Drives a real browser with the built extension in it; used by `npm start` and by the end-to-end tests. */
import { spawnSync } from "node:child_process";
import { launch } from "puppeteer-core";
import { UserError } from "./setup.mjs";

/** @typedef {import("./setup.mjs").Kind} Kind */
/** @typedef {import("puppeteer-core").Page} Page */
/** @typedef {import("puppeteer-core").Browser} Browser */

/** Firefox gives an add-on a random host name; a fixed one can be opened by address. By add-on, the tests' own too. */
export const FIREFOX_HOSTS = {
  "wardlight@wardlight.example": "5f0c7a52-3c1e-4d0a-9a53-0f3d1b6e8a11",
  "asker@wardlight.example": "0b7b3a0e-6c55-4b0f-8d5f-1d9c2e4f7a30",
};
const FIREFOX_HOST = FIREFOX_HOSTS["wardlight@wardlight.example"];

/**
 * An X display that a window fills.
 * @typedef {object} Screen
 * @property {string} display as `:1`
 * @property {number} width
 * @property {number} height
 */

/**
 * @typedef {object} Options
 * @property {string} program path of the browser
 * @property {string} extension folder of the built extension
 * @property {string} [profile] folder that outlives the browser; a fresh one otherwise
 * @property {boolean} [isHeadless]
 * @property {readonly string[]} [localHosts] names that are to mean this machine
 * @property {Readonly<Record<string, string | number | boolean>>} [preferences] Firefox preferences
 * @property {string} [language]
 * @property {readonly string[]} [flags] more arguments for Chromium
 * @property {Screen} [screen] on which Firefox is shown, unless it is headless
 */

/**
 * A browser with Wardlight in it.
 * @typedef {object} Guarded
 * @property {Kind} kind
 * @property {Browser} browser
 * @property {string} extension folder that it was loaded from
 * @property {(path: string) => string} address of a page of the extension
 * @property {() => Promise<Page>} newPage
 * @property {(path: string) => Promise<Page>} openOwnPage a page of the extension in a new tab
 * @property {() => Promise<void>} stopBackground kills the service worker or event page, as the browser does when idle
 * @property {() => Promise<void>} close
 */

/**
 * @param {Kind} kind
 * @param {Options} options
 * @returns {Promise<Guarded>}
 */
export async function openBrowser(kind, options) {
  try {
    return await (kind === "chromium" ? openChromium(options) : openFirefox(options));
  } catch (error) {
    const cause = causeIn(options.program) ?? /** @type {Error} */ (error).message;
    const lines = cause.trim().split("\n").slice(0, 12).join("\n  ");
    throw new UserError(`${options.program} did not start with the extension:\n  ${lines}`);
  }
}

/**
 * What a program that cannot even tell its version says about that, such as a library that is missing.
 * @param {string} program
 */
function causeIn(program) {
  const { status, signal, stderr } = spawnSync(program, ["--version"], { encoding: "utf8", timeout: 10_000 });
  if (status === 0) return undefined;
  return stderr || `Asked for its version, it ended with ${signal ?? `exit status ${status}`}.`;
}

/** @param {Options} options */
async function openChromium({
  program,
  extension,
  profile,
  isHeadless = true,
  localHosts = [],
  language = "en",
  flags = [],
}) {
  const rules = localHosts.map((host) => `MAP ${host} 127.0.0.1`);
  const browser = await launch({
    executablePath: program,
    headless: isHeadless,
    enableExtensions: [extension],
    pipe: true,
    defaultViewport: isHeadless ? { width: 1280, height: 900 } : null,
    ...(profile ? { userDataDir: profile } : {}),
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ...(rules.length > 0 ? [`--host-resolver-rules=${rules.join(",")}`] : []),
      `--lang=${language}`,
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...flags,
    ],
  });
  const worker = await browser.waitForTarget((target) => target.type() === "service_worker", { timeout: 60_000 });
  const base = new URL("/", worker.url()).href;
  return guarded("chromium", browser, extension, base, {}, () => stopServiceWorker(browser));
}

/** @param {Browser} browser */
async function stopServiceWorker(browser) {
  const target = browser.targets().find((candidate) => candidate.type() === "service_worker");
  const worker = await target?.worker();
  await worker?.close().catch((/** @type {Error} */ error) => {
    // It may end by itself between the look and the order.
    if (!/No (?:session|target) with given id/.test(error.message)) throw error;
  });
}

/** @param {Options} options */
async function openFirefox({
  program,
  extension,
  profile,
  isHeadless = true,
  localHosts = [],
  preferences = {},
  language = "en",
  screen,
}) {
  const browser = await launch({
    browser: "firefox",
    executablePath: program,
    headless: isHeadless,
    defaultViewport: isHeadless ? { width: 1280, height: 900 } : null,
    ...(profile ? { userDataDir: profile } : {}),
    args: [
      "--remote-allow-system-access",
      ...(screen ? ["--kiosk", "--width", String(screen.width), "--height", String(screen.height)] : []),
    ],
    ...(screen
      ? { env: { ...process.env, DISPLAY: screen.display, GDK_BACKEND: "x11", MOZ_ENABLE_WAYLAND: "0" } }
      : {}),
    extraPrefsFirefox: {
      "extensions.webextensions.uuids": JSON.stringify(FIREFOX_HOSTS),
      // A temporary add-on is removed with the browser; its journal must be there when the same add-on comes back.
      "extensions.webextensions.keepUuidOnUninstall": true,
      "extensions.webextensions.keepStorageOnUninstall": true,
      "network.dns.localDomains": localHosts.join(","),
      "intl.locale.requested": language,
      ...preferences,
    },
  });
  await browser.installExtension(extension);
  // Firefox never tells that a moz-extension page has loaded.
  return guarded("firefox", browser, extension, `moz-extension://${FIREFOX_HOST}/`, { waitUntil: [] }, () =>
    stopEventPage(browser),
  );
}

/** @param {Browser} browser */
async function stopEventPage(browser) {
  const page = await browser.newPage();
  await page.goto("about:debugging#/runtime/this-firefox", { waitUntil: [] });
  // The page's own policy forbids puppeteer's waiting functions.
  const find = () => page.$(".qa-temporary-extension-terminate-bgscript-button");
  let button = await find();
  for (let tries = 0; !button && tries < 100; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    button = await find();
  }
  if (!button) throw new Error("about:debugging shows no button to stop the event page.");
  await button.click();
  await page.close();
}

/**
 * @param {Kind} kind
 * @param {Browser} browser
 * @param {string} extension
 * @param {string} base
 * @param {import("puppeteer-core").GoToOptions} goTo
 * @param {() => Promise<void>} stopBackground
 * @returns {Guarded}
 */
function guarded(kind, browser, extension, base, goTo, stopBackground) {
  const address = (/** @type {string} */ path) => new URL(path, base).href;
  return {
    kind,
    browser,
    extension,
    address,
    newPage: () => browser.newPage(),
    async openOwnPage(path) {
      const page = await browser.newPage();
      await page.goto(address(path), goTo);
      await page.waitForFunction((wanted) => location.href.startsWith(wanted), {}, base);
      return page;
    },
    stopBackground,
    close: () => browser.close(),
  };
}

/**
 * The text of the file that a page hands its user when something is clicked.
 * @param {Page} page
 * @param {string} selector
 * @returns {Promise<string>}
 */
export async function savedBy(page, selector) {
  await page.waitForSelector(`${selector}:not([disabled])`, { timeout: 30_000 });
  return page.evaluate(
    (button) =>
      new Promise((resolve) => {
        const make = URL.createObjectURL;
        URL.createObjectURL = (/** @type {Blob} */ blob) => {
          URL.createObjectURL = make;
          resolve(blob.text());
          return make.call(URL, blob);
        };
        /** @type {HTMLElement | null} */ (document.querySelector(button))?.click();
      }),
    selector,
  );
}
