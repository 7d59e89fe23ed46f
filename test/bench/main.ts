import { execFileSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build, command, ROOT, step, UserError } from "../../scripts/setup.mjs";
import type { Bench } from "./bench.ts";
import { keep, runBench } from "./run.ts";
import { markdownTable, type Result, terminalTable } from "./table.ts";

const FOLDER = join(ROOT, "test/bench");
const OUT = join(ROOT, "out/bench.json");

await command(async () => {
  const all = await benches();
  const usage = `Usage: npm run bench -- [${all.map(({ name }) => name).join(" ")}] [--photos DIR] [--whole] [--built]`;
  const { values, positionals } = argumentsOf(usage);
  const unknown = positionals.find((name) => !all.some((bench) => bench.name === name));
  if (unknown) throw new UserError(`There is no bench named ${unknown}.\n${usage}`);
  const chosen = all.filter(({ name }) => positionals.length === 0 || positionals.includes(name));

  const kinds = new Set(chosen.flatMap(({ builds }) => builds));
  if (!values.built) for (const kind of kinds) await build(kind);

  const photos = values.photos ?? process.env.WARDLIGHT_PHOTOS;
  const options = {
    isWhole: values.whole ?? false,
    // npm changes the folder; a path means what it meant where the command was given.
    photos: photos === undefined ? undefined : resolve(process.env.INIT_CWD ?? ".", photos),
    commit: commit(),
    say: (line: string) => void process.stderr.write(`  ${line}\n`),
  };
  const fresh: Result[] = [];
  for (const bench of chosen) {
    await step(bench.title, async () => void fresh.push(await runBench(bench, options))).catch((error: Error) => {
      process.stderr.write(`✗ ${bench.name}: ${error.stack}\n`);
      process.exitCode = 1;
    });
  }
  const kept = keep(
    fresh,
    all.map(({ name }) => name),
    OUT,
  );
  writeFileSync(OUT.replace(/json$/, "md"), `${markdownTable(kept)}\n`);
  process.stdout.write(`\n${terminalTable(fresh)}\n\nAll results so far: out/bench.json, out/bench.md\n`);
});

/** Every `*.bench.ts` beside this file. */
async function benches(): Promise<Bench[]> {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".bench.ts"));
  return Promise.all(files.sort().map(async (name) => (await import(join(FOLDER, name))).bench as Bench));
}

function argumentsOf(usage: string) {
  const options = {
    photos: { type: "string" },
    whole: { type: "boolean" },
    // Takes dist/ as it stands.
    built: { type: "boolean" },
  } as const;
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new UserError(`${(error as Error).message}\n${usage}`);
  }
}

function commit(): string {
  try {
    return execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: ROOT, encoding: "utf8" }).trim();
  } catch {
    return "no commit";
  }
}
