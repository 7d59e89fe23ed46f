import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CDPSession, Page } from "puppeteer-core";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import en from "../../public/_locales/en/messages.json" with { type: "json" };
import { type Guarded, savedBy } from "../../scripts/browser.mjs";
import { ROOT } from "../../scripts/setup.mjs";
import { verifyReport } from "../../src/core/report/verify.ts";
import { ask, colours, type Fixture, journal, marks, OPTIONS_PAGE, openGuarded, serveFixture } from "./harness.ts";

const [FIRST, ...LATER] = colours(4);
const PAGES = {
  "/before": `<img src="/flat/${FIRST}.png">`,
  "/full": `${LATER.map((colour) => `<img src="/flat/${colour}.png">`).join("")}<img src="/test-card.jpg">`,
};
const SOON = { timeout: 30_000, interval: 100 };

/** Chromium alone lets a test fill an origin's share of the disk, and only of one that has not asked for all of it. */
describe("a disk that is full, in Chromium", () => {
  let guarded: Guarded;
  let fixture: Fixture;
  let own: Page;
  let page: Page;
  let session: CDPSession;
  let folder: string;

  beforeEach(async () => {
    fixture = await serveFixture(PAGES);
    folder = await mkdtemp(join(tmpdir(), "wardlight-full-"));
    await cp(`${ROOT}dist/chromium`, folder, { recursive: true });
    const { permissions, ...manifest } = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8"));
    const limited = permissions.filter((name: string) => name !== "unlimitedStorage");
    await writeFile(join(folder, "manifest.json"), JSON.stringify({ ...manifest, permissions: limited }));
    guarded = await openGuarded("chromium", { extension: folder });
    page = await guarded.newPage();
    session = await page.createCDPSession();
    own = await guarded.openOwnPage(`${OPTIONS_PAGE}#/journal`);
  });
  afterEach(async () => {
    await guarded?.close();
    await fixture?.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  /** Undefined gives the origin its own share back. */
  const limit = (quotaSize?: number) =>
    session.send("Storage.overrideQuotaForOrigin", {
      origin: guarded.address("").replace(/\/$/, ""),
      ...(quotaSize === undefined ? {} : { quotaSize }),
    });
  const pictures = async () =>
    (await journal(own)).filter((event) => event.kind === "verdict" && event.subject === "image");
  const failing = () =>
    own.$$eval("main", ([main], words) => main?.textContent?.includes(words), en.journal_failing.message);

  test("takes no protection away, is told of, and loses nothing that was acknowledged or is judged meanwhile", async () => {
    await page.goto(`${fixture.origin}/before`);
    await vi.waitFor(async () => expect(await pictures()).toHaveLength(1), SOON);
    const acknowledged = await journal(own);

    await limit(1);
    expect(await own.evaluate(wantTerabyte)).toBe("QuotaExceededError");
    await page.goto(`${fixture.origin}/full`);
    await vi.waitFor(async () => expect(await marks(page)).toEqual([...LATER.map(() => "shown"), "blur"]), SOON);
    await vi.waitFor(
      async () =>
        expect(await ask(own, "status", null)).toMatchObject({ journalFailure: expect.stringContaining("Quota") }),
      SOON,
    );
    await own.bringToFront();
    await own.reload({ waitUntil: [] });
    await vi.waitFor(async () => expect(await failing()).toBe(true), SOON);
    expect(await journal(own)).toEqual(acknowledged);

    await limit();
    await vi.waitFor(async () => expect(await pictures()).toHaveLength(1 + LATER.length + 1), SOON);
    expect((await ask(own, "status", null)).journalFailure).toBeUndefined();
    const kept = await journal(own);
    for (const event of acknowledged) expect(kept).toContainEqual(event);
    await own.evaluate(() => {
      location.hash = "#/reports";
    });
    const report = JSON.parse(await savedBy(own, '[data-testid="save-json"]'));
    expect(await verifyReport(report, crypto.subtle)).toMatchObject({ isWhole: true });
  });
});

/**
 * In the extension's page: why it does not get a terabyte. For half a minute Chromium counts by itself what an origin has
 * left; it looks anew at the origin's share once somebody wants more than that.
 */
async function wantTerabyte(): Promise<string | undefined> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open("wants", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("files");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  // A blob made of blobs takes no memory of its own.
  const times = (part: Blob, count: number) => new Blob(Array<Blob>(count).fill(part));
  const terabyte = times(times(new Blob([new Uint8Array(2 ** 26)]), 2 ** 7), 2 ** 7);
  const writing = db.transaction("files", "readwrite");
  writing.objectStore("files").put(terabyte, 0);
  const refusal = await new Promise<string | undefined>((resolve) => {
    writing.oncomplete = () => resolve(undefined);
    writing.onabort = () => resolve(writing.error?.name);
  });
  db.close();
  return refusal;
}
