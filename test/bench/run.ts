import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { openBrowser } from "../../scripts/browser.mjs";
import { ensureBrowser, ensurePackages, ROOT } from "../../scripts/setup.mjs";
import type { Bench, BenchContext, Pictures } from "./bench.ts";
import { picturesFrom } from "./pictures.ts";
import type { Result } from "./table.ts";

export interface RunOptions {
  readonly isWhole: boolean;
  /** A folder of photographs. */
  readonly photos: string | undefined;
  readonly commit: string;
  /** From here on, what can be gone on with later stops; in the time of `performance.now()`. */
  readonly until: number;
  say(line: string): void;
}

/** Measures one subject. What it opened is closed, whether it ends well or not. */
export async function runBench(bench: Bench, options: RunOptions): Promise<Result> {
  const closers: (() => Promise<unknown> | unknown)[] = [];
  let pictures: Promise<Pictures> | undefined;
  const onEnd: BenchContext["onEnd"] = (close) => closers.unshift(close);
  const context: BenchContext = {
    isWhole: options.isWhole,
    say: options.say,
    onEnd,
    isOver: () => performance.now() >= options.until,
    resume: (name) => resumed(name, options),
    save: (name, done) => writeProgress(name, { ...identity(options), done }),
    async open(kind, screen) {
      const program = await ensureBrowser(kind);
      const options = { program, extension: join(ROOT, "dist", kind) };
      const guarded = await openBrowser(kind, screen ? { ...options, isHeadless: false, screen } : options);
      onEnd(() => guarded.close());
      return guarded;
    },
    pictures() {
      pictures ??= picturesFrom(options.photos);
      return pictures;
    },
    async peers() {
      const folder = join(ROOT, "test/bench/peers");
      await ensurePackages(folder, "Installing what is measured against");
      return folder;
    },
  };
  const before = loadavg()[0] as number;
  try {
    const rows = await bench.measure(context);
    const origin = pictures ? { pictures: (await pictures).origin } : {};
    return {
      name: bench.name,
      title: bench.title,
      at: new Date().toISOString(),
      commit: options.commit,
      machine: `${cpus().length} cores`,
      load: [before, loadavg()[0] as number],
      isWhole: options.isWhole,
      ...origin,
      rows,
    };
  } finally {
    for (const close of closers) await close();
  }
}

interface Progress {
  readonly commit: string;
  readonly isWhole: boolean;
  readonly done: readonly unknown[];
}

function identity({ commit, isWhole }: RunOptions): Omit<Progress, "done"> {
  return { commit, isWhole };
}

const progressFile = (name: string) => join(ROOT, `out/progress-${name}.json`);

function resumed<Piece>(name: string, options: RunOptions): Piece[] {
  const { commit, isWhole, done } = read<Partial<Progress>>(progressFile(name), {});
  return commit === options.commit && isWhole === options.isWhole ? [...(done as Piece[])] : [];
}

function writeProgress(name: string, progress: Progress): void {
  mkdirSync(join(ROOT, "out"), { recursive: true });
  writeFileSync(progressFile(name), JSON.stringify(progress));
}

/** Keeps the newest result of each bench, in the order of `names`, and answers with all. */
export function keep(fresh: readonly Result[], names: readonly string[], file: string): Result[] {
  const all = new Map([...read<Result[]>(file, []), ...fresh].map((result) => [result.name, result]));
  const kept = names.flatMap((name) => all.get(name) ?? []);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `${JSON.stringify(kept, null, 2)}\n`);
  return kept;
}

function read<T>(file: string, otherwise: T): T {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return otherwise;
  }
}
