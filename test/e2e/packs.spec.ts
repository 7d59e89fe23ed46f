import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Guarded } from "../../scripts/browser.mjs";
import { ROOT } from "../../scripts/setup.mjs";
import { openJudges, SHIPPED } from "../../src/cli/judges.ts";
import { modelName, rowsOf } from "../../src/core/catalog.ts";
import { decide } from "../../src/core/decide.ts";
import { DEFAULT_PAGE_CARE } from "../../src/core/page-care.ts";
import { policyOf } from "../../src/core/policy.ts";
import { draw } from "../fixtures/pictures.ts";
import { textSubject } from "../fixtures/tiny-encoder.ts";
import { ask, type Fixture, KINDS, marks, OPTIONS_PAGE, openGuarded, serveFixture, verdicts } from "./harness.ts";

const [shipped] = rowsOf(SHIPPED, "text-encoder");
let judges: ReturnType<typeof openJudges> | undefined;
const ENCODER = shipped ? modelName(shipped) : "text-encoder@1.0.0";
const INSULT =
  "You are a worthless idiot and a disgusting piece of garbage, nobody wants you here, just shut up and die.";
/** On this one the noise of the tiny encoder is as sure as the linear head, so that it is covered. */
const LOUD = "You stupid idiot";
const COVERING = { ...DEFAULT_PAGE_CARE, comments: { ...DEFAULT_PAGE_CARE.comments, toxicity: "blur" } } as const;
const SOON = { timeout: 30_000, interval: 100 };
const PACK = "tiny-clip";
const pack = (name: string) => `${ROOT}test/fixtures/packs/${name}.wardpack`;
/** Drawn waves on which the two packaged networks disagree by far. */
const DISPUTED = { width: 50, height: 50, seed: 49 };

async function disputed(): Promise<string> {
  const { width, height, data } = draw(DISPUTED.width, DISPUTED.height, DISPUTED.seed);
  const png = await sharp(data, { raw: { width, height, channels: 4 } })
    .png()
    .toBuffer();
  return `data:image/png;base64,${png.toString("base64")}`;
}

describe.each(KINDS)("model packs in %s", (kind) => {
  let guarded: Guarded;
  let fixture: Fixture;
  let own: Page;
  let folder: string;
  const errors: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "wardlight-packs-"));
    fixture = await serveFixture({
      "/": `<img src="${await disputed()}">`,
      "/loud": `<div role="comment">${LOUD}</div>`,
      "/comment": `<div role="comment">${INSULT}</div>`,
    });
    guarded = await openGuarded(kind);
    own = await guarded.openOwnPage(`${OPTIONS_PAGE}#/models`);
    own.on("pageerror", (error) => errors.push(String(error)));
  });
  afterAll(async () => {
    await guarded?.close();
    await fixture?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const step = (name: string) => own.waitForSelector(`[data-testid="add-pack"][data-step="${name}"]`);
  const choose = async (path: string) => {
    const input = await own.waitForSelector('input[data-testid="pack-file"]');
    await input?.uploadFile(path as `${string}.wardpack`);
  };
  const refusal = () =>
    own.waitForSelector('[data-testid="pack-refused"]').then((found) => found?.evaluate((p) => p.textContent));
  /** Loads the page anew and tells which models had a say about its picture. */
  const judged = async () => {
    await ask(own, "erase", null);
    const page = await guarded.newPage();
    await page.goto(fixture.origin);
    await vi.waitFor(async () => expect(await marks(page)).not.toEqual([null]), SOON);
    const row = await vi.waitFor(async () => {
      const [first] = await verdicts(own);
      if (!first) throw new Error("no verdict yet");
      return first;
    }, SOON);
    await page.close();
    await own.bringToFront();
    return row;
  };

  test("what is no pack, and a pack that answers with no numbers, are refused with the reason", async () => {
    const text = join(folder, "notes.wardpack");
    await writeFile(text, "no zip");
    await choose(text);
    expect(await refusal()).toContain("It is no zip");
    await choose(pack("tiny-broken"));
    await step("offered");
    await own.click('[data-testid="trust-pack"]');
    await step("refused");
    expect(await refusal()).toContain("finite numbers");
    expect(await ask(own, "packs", null)).toEqual([]);
  });

  test("a pack shows its hash, is added once trusted, and is asked where the two packaged networks disagree", async () => {
    expect((await judged()).models).toHaveLength(2);
    await choose(pack(PACK));
    await step("offered");
    const { createHash } = await import("node:crypto");
    const hash = createHash("sha256")
      .update(await readFile(pack(PACK)))
      .digest("hex");
    expect(await own.$eval('[data-testid="pack-offer"] [data-testid="sha256"]', (code) => code.textContent)).toBe(hash);
    expect(await ask(own, "packs", null)).toEqual([]);
    await own.click('[data-testid="trust-pack"]');
    await own.waitForSelector('[data-testid="pack-added"]', { timeout: 30_000 });
    expect(await ask(own, "packs", null)).toMatchObject([{ id: PACK, sha256: hash, isEnabled: true }]);

    const row = await judged();
    expect(row.models).toContain(`${PACK}@1.0.0`);
    const said = row.evidence.filter(({ detector }) => detector === `image/pack/${PACK}`);
    expect(said.map((item) => item.kind === "class" && item.name)).toEqual(["neutral", "drawings", "porn"]);
    await own.reload({ waitUntil: [] });
    await own.waitForSelector(`[data-model="${PACK}@1.0.0"][data-state="ready"][data-provider="wasm"]`);
  });

  test("switched off it is not asked, switched on it is again", async () => {
    await own.click('[data-testid="toggle-pack"]');
    await own.waitForSelector(`[data-model="${PACK}@1.0.0"][data-state="off"]`);
    expect((await judged()).models).not.toContain(`${PACK}@1.0.0`);
    await own.click('[data-testid="toggle-pack"]');
    await own.waitForSelector(`[data-model="${PACK}@1.0.0"]:not([data-state="off"])`);
    expect((await judged()).models).toContain(`${PACK}@1.0.0`);
  });

  test("every network is measured, and the page says whether a larger one fits", async () => {
    await own.click('[data-testid="measure"]');
    await own.waitForSelector('[data-testid="fit"]', { timeout: 50_000 });
    const measured = await own.$$eval('[data-testid="times"] li > span:first-child', (names) =>
      names.map((name) => name.textContent),
    );
    expect(measured).toEqual(["nsfw-mobilenet-v2@1.0.0", "nsfw-open-nsfw@1.0.0", `${PACK}@1.0.0`]);
  });

  test("one whose file was altered is not used, the others decide, and the page says so", async () => {
    const [pin] = await ask(own, "packs", null);
    await own.evaluate(async (hash) => {
      const request = indexedDB.open("packs");
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      const store = () => db.transaction("files", "readwrite").objectStore("files");
      const file = await new Promise<Blob>((resolve) => {
        const read = store().get(hash);
        read.onsuccess = () => resolve(read.result);
      });
      const bytes = new Uint8Array(await file.arrayBuffer());
      bytes[9_000] = (bytes[9_000] ?? 0) ^ 1;
      await new Promise((resolve) => {
        store().put(new Blob([bytes]), hash).onsuccess = resolve;
      });
      db.close();
    }, pin?.sha256 ?? "");
    // Off and on again, so that its file is read anew.
    for (const isEnabled of [false, true])
      await ask(own, "changePacks", { kind: "enable", sha256: pin?.sha256 ?? "", isEnabled });
    const row = await judged();
    expect(row.models).toHaveLength(2);
    expect(row.failure).toBeUndefined();
    await own.reload({ waitUntil: [] });
    await own.waitForSelector(`[data-model="${PACK}@1.0.0"][data-state="failed"]`);
    expect(await own.$eval(`[data-model="${PACK}@1.0.0"] .failure`, (p) => p.textContent)).toContain("SHA-256");
  });

  test("removed, it is gone with its file", async () => {
    await own.click('[data-testid="remove-pack"]');
    await vi.waitFor(async () => expect(await ask(own, "packs", null)).toEqual([]), SOON);
    await vi.waitFor(async () => {
      const left = await own.evaluate(
        () =>
          new Promise((resolve) => {
            const request = indexedDB.open("packs");
            request.onsuccess = () => {
              const keys = request.result.transaction("files").objectStore("files").getAllKeys();
              keys.onsuccess = () => resolve(keys.result.length);
            };
          }),
      );
      expect(left).toBe(0);
    }, SOON);
    expect(errors).toEqual([]);
  });

  const READER = "tiny-reader@1.0.0";
  /** Loads a page of one text anew and tells what was said of it. */
  const judgedText = async (path: string) => {
    await ask(own, "erase", null);
    const page = await guarded.newPage();
    await page.goto(fixture.origin + path);
    const row = await vi.waitFor(async () => {
      const found = (await verdicts(own)).find(({ subject }) => subject === "text");
      if (!found) throw new Error("no verdict yet");
      return found;
    }, SOON);
    await page.close();
    await own.bringToFront();
    return row;
  };

  test("one that reads texts is tried, and reads them in place of the packaged encoder", async () => {
    await choose(pack("tiny-encoder"));
    await step("offered");
    expect(await own.$eval('[data-testid="pack-offer"]', (offer) => offer.textContent)).toContain(
      "injection · toxicity",
    );
    await own.click('[data-testid="trust-pack"]');
    await own.waitForSelector('[data-testid="pack-added"]', { timeout: 30_000 });
    expect(await ask(own, "packs", null)).toMatchObject([{ kind: "text", id: "tiny-reader", isEnabled: true }]);
    await ask(own, "settings", { page: COVERING });
    const { models } = await judgedText("/loud");
    expect(models).toContain(READER);
    expect(models).not.toContain(ENCODER);
  });

  test("where its file is gone the packaged judges read, and the page says so; removed, it is forgotten", async () => {
    await own.evaluate(async () => {
      const request = indexedDB.open("packs");
      const db = await new Promise<IDBDatabase>((resolve) => {
        request.onsuccess = () => resolve(request.result);
      });
      await new Promise((resolve) => {
        db.transaction("files", "readwrite").objectStore("files").clear().onsuccess = resolve;
      });
      db.close();
    });
    const [pin] = await ask(own, "packs", null);
    for (const isEnabled of [false, true])
      await ask(own, "changePacks", { kind: "enable", sha256: pin?.sha256 ?? "", isEnabled });
    const row = await judgedText("/comment");
    expect(row.failure).toBeUndefined();
    expect(row.models).not.toContain(READER);
    expect(row.models.includes(ENCODER)).toBe(shipped !== undefined);
    await own.reload({ waitUntil: [] });
    await own.waitForSelector(`[data-model="${READER}"][data-state="failed"]`);
    await own.click('[data-testid="remove-pack"]');
    await vi.waitFor(async () => expect(await ask(own, "packs", null)).toEqual([]), SOON);
  });

  test.runIf(shipped !== undefined)("the packaged encoder says here what it says in Node", async () => {
    const settings = await ask(own, "settings", {});
    judges ??= openJudges(false);
    const { verdict } = decide(
      { kind: "text", context: "comment" },
      await (await judges).judge({ ...textSubject(INSULT), context: "comment" }),
      policyOf(settings),
      { site: "127.0.0.1", at: Date.now() },
    );
    const row = await judgedText("/comment");
    expect(row.models).toContain(ENCODER);
    expect(row.category).toBe(verdict.category);
    // Both run on WebAssembly; an 8-bit network may still round otherwise on another build.
    expect(Math.abs(row.score - verdict.score)).toBeLessThan(0.05);
  });
});
