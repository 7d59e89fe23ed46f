/**
 * What every command needs before anything is installed: packages, browsers, builds. Plain Node, no dependency.
 */
import { spawn } from "node:child_process";
import { accessSync, constants, existsSync, readFileSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** A failure that the reader can act on: it is shown as one sentence, without a stack. */
export class UserError extends Error {}

/** @typedef {"chromium" | "firefox"} Kind */

/** What to look for, best first; names are sought on the PATH, the rest are full paths. */
const PLACES = {
  chromium: {
    linux: ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "microsoft-edge", "brave-browser"],
    darwin: ["Chromium", "Google Chrome", "Microsoft Edge", "Brave Browser"].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    ),
    win32: [
      "Chromium\\Application\\chrome.exe",
      "Google\\Chrome\\Application\\chrome.exe",
      "Microsoft\\Edge\\Application\\msedge.exe",
      "BraveSoftware\\Brave-Browser\\Application\\brave.exe",
    ],
  },
  firefox: {
    linux: ["firefox", "firefox-esr"],
    darwin: ["/Applications/Firefox.app/Contents/MacOS/firefox"],
    win32: ["Mozilla Firefox\\firefox.exe"],
  },
};
const VARIABLES = { chromium: "CHROME_PATH", firefox: "FIREFOX_PATH" };
const DEBIAN_PACKAGES = { chromium: "chromium", firefox: "firefox-esr" };

/**
 * Runs a step under a title and says how long it took.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 */
export async function step(title, work) {
  const startedAt = Date.now();
  process.stderr.write(`▸ ${title}\n`);
  const ticker = setInterval(
    () => process.stderr.write(`  … ${Math.round((Date.now() - startedAt) / 1000)} s\n`),
    10_000,
  );
  try {
    return await work();
  } finally {
    clearInterval(ticker);
    process.stderr.write(`  ${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
  }
}

/**
 * Runs a program to its end; with `isQuiet` its output is shown only when it fails.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ isQuiet?: boolean, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<void>}
 */
export function run(program, args, { isQuiet = false, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const needsShell = process.platform === "win32";
    const child = spawn(program, args, { cwd: ROOT, env, shell: needsShell, stdio: ["ignore", "pipe", "pipe"] });
    /** @type {Buffer[]} */
    const kept = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (/** @type {Buffer} */ chunk) => (isQuiet ? kept.push(chunk) : process.stderr.write(chunk)));
    }
    child.on("error", (error) => reject(new UserError(`${program} could not be started: ${error.message}`)));
    child.on("close", (code) => {
      if (code === 0) return resolve();
      process.stderr.write(Buffer.concat(kept));
      reject(new UserError(`${program} ${args.join(" ")} failed (exit status ${code}).`));
    });
  });
}

/**
 * Installs the packages of a folder's lock file, unless exactly these are installed already.
 * @param {string} [folder]
 * @param {string} [title]
 */
export async function ensurePackages(folder = ROOT, title = "Installing the packages") {
  const installed = join(folder, "node_modules/.package-lock.json");
  const lock = join(folder, "package-lock.json");
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  await step(title, () => run("npm", ["ci", "--prefix", folder, "--no-audit", "--no-fund"], { isQuiet: true }));
}

/**
 * @param {Kind} kind
 * @returns {string | undefined}
 */
export function findBrowser(kind) {
  const named = process.env[VARIABLES[kind]];
  if (named) {
    if (!isProgram(named)) throw new UserError(`${VARIABLES[kind]} names ${named}, which is not a program.`);
    return named;
  }
  const platform = /** @type {"linux" | "darwin" | "win32"} */ (process.platform);
  return (PLACES[kind][platform] ?? []).flatMap(fullPaths).find(isProgram);
}

/** @param {string} place */
function fullPaths(place) {
  if (process.platform === "win32") {
    const roots = ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"];
    return roots.flatMap((name) => (process.env[name] ? [join(String(process.env[name]), place)] : []));
  }
  if (place.startsWith("/")) return [place];
  return [...(process.env.PATH ?? "").split(delimiter), "/usr/bin", "/snap/bin"].map((folder) => join(folder, place));
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * The browser's program; on Debian and Ubuntu it is installed when missing, where that needs no password.
 * @param {Kind} kind
 */
export async function ensureBrowser(kind) {
  const found = findBrowser(kind);
  if (found) return found;
  if (!isDebianRoot()) throw new UserError(missing(kind));
  await installPackage(DEBIAN_PACKAGES[kind]);
  const installed = findBrowser(kind);
  if (!installed) throw new UserError(missing(kind));
  return installed;
}

/** @param {Kind} kind */
function missing(kind) {
  const names = kind === "chromium" ? "Chromium, Chrome, Edge or Brave" : "Firefox";
  return `No browser was found: install ${names}, or set ${VARIABLES[kind]} to its program.`;
}

/**
 * The X server without a screen of its own; undefined where there is none and none can be installed without a password.
 * @returns {Promise<string | undefined>}
 */
export async function ensureXvfb() {
  const find = () => (process.platform === "linux" ? fullPaths("Xvfb").find(isProgram) : undefined);
  if (!find() && isDebianRoot()) await installPackage("xvfb").catch(() => {});
  return find();
}

/** @param {string} name of a package of Debian and Ubuntu */
async function installPackage(name) {
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await step(`Installing ${name}`, async () => {
    await run("apt-get", ["update", "-qq"], { isQuiet: true, env });
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", name], { isQuiet: true, env });
  });
}

/** May packages be added by apt-get, without asking for a password? */
export function isDebianRoot() {
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !existsSync("/etc/os-release")) return false;
  return /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(readFileSync("/etc/os-release", "utf8"));
}

/**
 * Builds the extension for one kind of browser.
 * @param {Kind} kind
 * @returns {Promise<string>} the folder to load.
 */
export async function build(kind) {
  const vite = join(ROOT, "node_modules/vite/bin/vite.js");
  const args = [vite, "build", "--mode", kind, "--logLevel", "warn"];
  await step(`Building for ${kind}`, () => run(process.execPath, args, { isQuiet: true }));
  return join(ROOT, "dist", kind);
}

/**
 * The outermost frame of a command: a sentence for what the reader can mend, a stack for what we must.
 * @param {() => Promise<void>} main
 */
export async function command(main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(
      error instanceof UserError ? `✗ ${error.message}\n` : `${/** @type {Error} */ (error).stack}\n`,
    );
    process.exitCode = 1;
  }
}
