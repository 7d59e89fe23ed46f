// Sets up the Python workshop and runs it: `node scripts/workshop.mjs test [pytest options]`
// or `node scripts/workshop.mjs run <command…>`. Plain Node, no dependency, nothing asked on stdin.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const workshop = join(root, "models", "workshop");
const environment = join(workshop, ".venv");
const python = join(environment, ...(process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"]));
const stamp = join(environment, "installed.sha256");

/** Streams the program's output; its exit status, or 127 where it cannot be started. */
function run(program, args, env = process.env) {
  const done = spawnSync(program, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
  return done.status ?? (done.error ? 127 : 1);
}

function succeeds(program, code) {
  return spawnSync(program, ["-c", code], { stdio: "ignore" }).status === 0;
}

/** A Python 3.10 or later that can make virtual environments, or undefined. */
function suitablePython() {
  const code = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
  return ["python3", "python"].find((name) => succeeds(name, code));
}

/** Debian ships Python without venv; as root we may add it, elsewhere the person must. */
function installPython() {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  console.log("installing python3 and python3-venv by apt-get");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["update", "-qq"], env);
  run("apt-get", ["install", "-y", "-qq", "python3", "python3-venv"], env);
}

function fail(sentence) {
  console.error(`workshop: ${sentence}`);
  process.exit(1);
}

/** Makes .venv and installs the package with its tests; does nothing while pyproject.toml stays the same. */
function prepare() {
  const wanted = createHash("sha256")
    .update(readFileSync(join(workshop, "pyproject.toml")))
    .digest("hex");
  const isCurrent = existsSync(stamp) && readFileSync(stamp, "utf8") === wanted;
  if (isCurrent && succeeds(python, "import workshop, pytest")) return;
  if (!suitablePython()) installPython();
  const base = suitablePython();
  if (!base)
    fail("no Python 3.10 or later with venv was found: install python3 and python3-venv, then run this again.");
  console.log("installing the workshop's Python packages into models/workshop/.venv");
  rmSync(environment, { recursive: true, force: true });
  if (run(base, ["-m", "venv", environment]) !== 0)
    fail("the virtual environment models/workshop/.venv could not be made.");
  const install = ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"];
  if (run(python, [...install, "--editable", `${workshop}[test]`]) !== 0) {
    fail("pip could not install models/workshop: see its message above.");
  }
  writeFileSync(stamp, wanted);
}

const [task, ...rest] = process.argv.slice(2);
const commands = { test: ["pytest", join(workshop, "tests"), ...rest], run: ["workshop", ...rest] };
if (!Object.hasOwn(commands, task ?? "")) fail("say `test` or `run <command>`, for example `run catalog`.");
prepare();
const path = [workshop, process.env.PYTHONPATH].filter(Boolean).join(delimiter);
process.exit(run(python, ["-m", ...commands[task]], { ...process.env, PYTHONPATH: path }));
