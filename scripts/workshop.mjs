/**
 * Sets up the Python workshop and runs it: `node scripts/workshop.mjs test [--whole] [pytest options]` or
 * `node scripts/workshop.mjs run <command…>`. Plain Node, no dependency, nothing asked on standard input.
 * What torch is needed for (several gigabytes) is installed once a command or `--whole` asks for it.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { command, isDebianRoot, ROOT, run, step, UserError } from "./setup.mjs";

const WORKSHOP = join(ROOT, "models", "workshop");
const ENVIRONMENT = join(WORKSHOP, ".venv");
const PYTHON = join(ENVIRONMENT, ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]));
/** What a command needs beside the package itself. */
const EXTRAS = /** @type {Record<string, string[]>} */ ({
  encoder: ["encoder"],
  image: ["image"],
  "test-card": ["card"],
});
const STAMP = join(ENVIRONMENT, "installed.sha256");

/**
 * @param {string} program
 * @param {string} code
 */
function succeeds(program, code) {
  return spawnSync(program, ["-c", code], { stdio: "ignore" }).status === 0;
}

/** A Python 3.10 or later that can make virtual environments, or undefined. */
function findPython() {
  const code = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
  return ["python3", "python"].find((name) => succeeds(name, code));
}

/** Debian ships Python without venv; as root we may add it, elsewhere the person must. */
async function ensurePython() {
  const found = findPython();
  if (found) return found;
  if (isDebianRoot()) {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    await step("Installing python3 and python3-venv", async () => {
      await run("apt-get", ["update", "-qq"], { isQuiet: true, env });
      await run("apt-get", ["install", "-y", "-qq", "python3", "python3-venv"], { isQuiet: true, env });
    });
  }
  const installed = findPython();
  if (!installed) throw new UserError("No Python 3.10 or later with venv was found: install python3 and python3-venv.");
  return installed;
}

/**
 * What was installed here for this pyproject.toml; nothing where that is another, or where the environment is broken.
 * @param {string} project the digest of pyproject.toml
 * @returns {string[]}
 */
function installedExtras(project) {
  if (!existsSync(STAMP) || !succeeds(PYTHON, "import workshop, pytest")) return [];
  const [known, ...extras] = readFileSync(STAMP, "utf8").split("\n");
  return known === project ? extras : [];
}

/**
 * Makes .venv and installs the package with these extras; does nothing where they are there already.
 * @param {string[]} extras
 */
async function prepare(extras) {
  const project = createHash("sha256")
    .update(readFileSync(join(WORKSHOP, "pyproject.toml")))
    .digest("hex");
  const installed = installedExtras(project);
  const wanted = [...new Set([...installed, ...extras])];
  if (wanted.length === installed.length) return;
  const python = await ensurePython();
  await step(`Installing the workshop's Python packages (${wanted.join(", ")})`, async () => {
    if (installed.length === 0) {
      rmSync(ENVIRONMENT, { recursive: true, force: true });
      await run(python, ["-m", "venv", ENVIRONMENT]);
    }
    const install = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"];
    await run(PYTHON, [...install, "--editable", `${WORKSHOP}[${wanted.join(",")}]`]);
  });
  writeFileSync(STAMP, [project, ...wanted].join("\n"));
}

await command(async () => {
  const [task, ...rest] = process.argv.slice(2);
  if (task !== "test" && task !== "run")
    throw new UserError("Say `test` or `run <command>`, for example `run catalog`.");
  const isTest = task === "test";
  const isWhole = isTest && rest[0] === "--whole";
  await prepare(["test", ...(isWhole ? ["encoder"] : (EXTRAS[rest[0] ?? ""] ?? []))]);
  const args = isTest ? ["pytest", join(WORKSHOP, "tests"), ...rest.slice(isWhole ? 1 : 0)] : ["workshop", ...rest];
  const path = [WORKSHOP, process.env.PYTHONPATH].filter(Boolean).join(delimiter);
  const env = { ...process.env, PYTHONPATH: path };
  const done = spawnSync(PYTHON, ["-m", ...args], { cwd: ROOT, env, stdio: ["ignore", "inherit", "inherit"] });
  process.exitCode = done.status ?? 1;
});
