/** `npm test`: everything, from a fresh clone; ends with how many tests passed and failed. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, command, ensureBrowser, ensurePackages, ROOT, run, step, UserError } from "./setup.mjs";

/** @param {string} path of a program of an installed package */
const tool = (path) => join(ROOT, "node_modules", path);

/**
 * Runs a part of the tests and counts it; failures are shown by the runner itself.
 * @param {string} project
 * @param {string} folder for the runner's record
 */
async function runTests(project, folder) {
  const record = join(folder, `${project}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${record}`];
  const vitest = [tool("vitest/vitest.mjs"), "run", "--project", project, ...reporters];
  await step(`Tests: ${project}`, () => run(process.execPath, vitest)).catch(() => {});
  const { numPassedTests, numFailedTests, success } = JSON.parse(readFileSync(record, "utf8"));
  return { passed: numPassedTests, failed: numFailedTests, success };
}

await command(async () => {
  await ensurePackages();
  await ensureBrowser("chromium");
  await ensureBrowser("firefox");
  await step("Lint", () =>
    run(process.execPath, [tool("@biomejs/biome/bin/biome"), "check", "--error-on-warnings", "."]),
  );
  await step("Types", () => run(process.execPath, [tool("typescript/bin/tsc")]));
  await build("chromium");
  await build("firefox");
  const folder = mkdtempSync(join(tmpdir(), "wardlight-test-"));
  const results = [await runTests("unit", folder), await runTests("e2e", folder)];
  rmSync(folder, { recursive: true, force: true });
  const sum = (/** @type {"passed" | "failed"} */ key) => results.reduce((total, result) => total + result[key], 0);
  process.stdout.write(`\n${sum("passed")} passed, ${sum("failed")} failed\n`);
  if (results.some(({ success }) => !success)) throw new UserError("Some tests failed; the runner shows them above.");
});
