import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Guarded } from "../../scripts/browser.mjs";
import { ROOT } from "../../scripts/setup.mjs";
import { openJudges } from "../../src/cli/judges.ts";
import type { TextEncoderRow } from "../../src/core/catalog.ts";
import { decide } from "../../src/core/decide.ts";
import { DEFAULT_PAGE_CARE } from "../../src/core/page-care.ts";
import { policyOf } from "../../src/core/policy.ts";
import { catalogWithTiny, readWithTiny, textSubject, tinyRow } from "../fixtures/tiny-encoder.ts";
import { ask, type Fixture, KINDS, OPTIONS_PAGE, openGuarded, serveFixture, verdicts } from "./harness.ts";

const TEXTS = [
  "Der Fluss entspringt in den Bergen, Anna Müller sah ihn 1987 \u{1f600}.",
  `${"The river rises in the hills and flows west through two small towns. ".repeat(14)}Élan, naïveté!`,
];
const COVERING = { ...DEFAULT_PAGE_CARE, comments: { ...DEFAULT_PAGE_CARE.comments, toxicity: "blur" } } as const;
const SOON = { timeout: 30_000, interval: 100 };

/** One threat alone, asked about every text and so sure of it that each comment is covered. */
const loud = (row: TextEncoderRow): TextEncoderRow => ({
  ...row,
  heads: row.heads.map((head) =>
    head.task === "toxicity"
      ? { ...head, askFrom: 0, weight: 0.8, calibration: { a: 0.5, b: 6 } }
      : { ...head, status: "shadow" },
  ),
});

/** A copy of the built extension whose catalogue has the tiny encoder too. */
async function withEncoder(built: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "wardlight-encoder-"));
  await cp(built, folder, { recursive: true });
  await mkdir(join(folder, "models/tiny-encoder"));
  for (const { path } of tinyRow().files) await writeFile(join(folder, "models", path), await readWithTiny(path));
  const scripts = (await readdir(folder, { recursive: true })).filter((name) => /\.js$/.test(name));
  let changed = 0;
  for (const name of scripts) {
    const code = await readFile(join(folder, name), "utf8");
    const row = JSON.stringify(tinyRow(loud));
    const more = code.replace(/(\bmodels:|"models":)\[\{/, (_, key) => `${key}[${row},{`);
    if (more !== code) changed++;
    await writeFile(join(folder, name), more);
  }
  if (changed === 0) throw new Error("The catalogue was not found in the built scripts.");
  return folder;
}

describe.each(KINDS)("a text encoder in %s", (kind) => {
  let guarded: Guarded;
  let fixture: Fixture;
  let folder: string;

  beforeAll(async () => {
    fixture = await serveFixture({ "/": TEXTS.map((text) => `<div role="comment">${text}</div>`).join("") });
    folder = await withEncoder(`${ROOT}dist/${kind}`);
    guarded = await openGuarded(kind, { extension: folder });
  });
  afterAll(async () => {
    await guarded?.close();
    await fixture?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("gives the same verdicts as in Node, to 1e-4, with the same evidence", async () => {
    const judges = await openJudges(false, catalogWithTiny(loud), readWithTiny);
    const own = await guarded.openOwnPage(OPTIONS_PAGE);
    const settings = await ask(own, "settings", { page: COVERING });
    const page = await guarded.newPage();
    await page.goto(fixture.origin);
    await vi.waitFor(async () => expect(await verdicts(own)).toHaveLength(TEXTS.length), SOON);
    for (const text of TEXTS) {
      const { verdict } = decide(
        { kind: "text", context: "comment" },
        await judges.judge({ ...textSubject(text), context: "comment" }),
        policyOf(settings),
        { site: "127.0.0.1", at: Date.now() },
      );
      const row = (await verdicts(own)).find(({ score }) => Math.abs(score - verdict.score) < 1e-4);
      expect(row).toMatchObject({ subject: "text", category: verdict.category, action: "blur" });
      expect(row?.models).toContain("tiny-encoder@1.0.0");
      const deep = verdict.signals.find(({ detector }) => detector === "text/heads");
      expect(deep?.evidence.length).toBeGreaterThan(1);
      for (const item of deep?.evidence ?? [])
        expect(row?.evidence).toContainEqual({ ...item, detector: "text/heads" });
    }
  });
});
