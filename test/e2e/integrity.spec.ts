import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Guarded } from "../../scripts/browser.mjs";
import { ROOT } from "../../scripts/setup.mjs";
import {
  ask,
  colours,
  coloursOnScreen,
  type Fixture,
  KINDS,
  marks,
  OPTIONS_PAGE,
  openGuarded,
  serveFixture,
  verdicts,
} from "./harness.ts";

const [COLOUR] = colours(1) as [string];
const MODEL = "models/nsfw-mobilenet-v2/model.onnx";
const SOON = { timeout: 20_000, interval: 100 };

describe.each(KINDS)("a model file changed by one byte, in %s", (kind) => {
  let guarded: Guarded;
  let fixture: Fixture;
  let folder: string;

  beforeAll(async () => {
    fixture = await serveFixture({ "/": `<a href="/elsewhere"><img src="/flat/${COLOUR}.png"></a>` });
    folder = await mkdtemp(join(tmpdir(), "wardlight-altered-"));
    await cp(`${ROOT}dist/${kind}`, folder, { recursive: true });
    const bytes = await readFile(join(folder, MODEL));
    bytes.writeUInt8(bytes.readUInt8(1_000_000) ^ 1, 1_000_000);
    await writeFile(join(folder, MODEL), bytes);
    guarded = await openGuarded(kind, { extension: folder });
  });
  afterAll(async () => {
    await guarded?.close();
    await fixture?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test("is refused with a clear error, and pictures stay hidden with a one-click reveal", async () => {
    const own = await guarded.openOwnPage(OPTIONS_PAGE);
    const page = await guarded.newPage();
    await page.goto(fixture.origin);
    await vi.waitFor(async () => expect(await marks(page)).toEqual(["hide"]), SOON);
    expect(await coloursOnScreen(page, [COLOUR])).toEqual(new Set());
    expect(await page.$eval("img", (image) => image.ariaLabel)).toContain("Wardlight");

    await vi.waitFor(async () => {
      const [row] = await verdicts(own);
      expect(row).toMatchObject({
        category: "unknown",
        action: "hide",
        reason: "failure",
        failure: { code: "security" },
      });
      expect(row?.failure?.message).toContain("SHA-256");
    }, SOON);
    const { models } = (await ask(own, "status", null)).judge;
    expect(models.find(({ id }) => id.startsWith("nsfw-mobilenet-v2"))).toMatchObject({
      state: "failed",
      failure: { code: "security" },
    });
    expect(models.filter(({ state }) => state === "failed")).toHaveLength(1);

    await page.bringToFront();
    await page.click("img");
    expect(await marks(page)).toEqual(["shown"]);
    expect(page.url()).toBe(`${fixture.origin}/`);
    expect(await coloursOnScreen(page, [COLOUR])).toEqual(new Set([COLOUR]));
  });

  test("a hidden picture can be revealed by keyboard", async () => {
    const page = await guarded.newPage();
    await page.goto(fixture.origin);
    await vi.waitFor(async () => expect(await marks(page)).toEqual(["hide"]), SOON);
    await page.focus("img");
    await page.keyboard.press("Enter");
    expect(await marks(page)).toEqual(["shown"]);
  });

  test("where it is missing that is a matter of resources: hidden with a one-click reveal, or colour and shape decide", async () => {
    await rm(join(folder, MODEL), { force: true });
    // In its own place that is an update: the judge begins anew.
    await guarded.browser.installExtension(folder);
    const own = await guarded.openOwnPage(OPTIONS_PAGE);
    const page = await guarded.newPage();
    await page.goto(fixture.origin);
    await vi.waitFor(async () => expect(await marks(page)).toEqual(["hide"]), SOON);
    expect(await coloursOnScreen(page, [COLOUR])).toEqual(new Set());
    await vi.waitFor(async () => {
      const [row] = await verdicts(own);
      expect(row).toMatchObject({ action: "hide", reason: "failure", failure: { code: "resource" } });
    }, SOON);
    await page.click("img");
    expect(await marks(page)).toEqual(["shown"]);

    await ask(own, "settings", { fallback: "heuristic" });
    await page.goto(fixture.origin);
    await vi.waitFor(async () => expect(await marks(page)).toEqual(["shown"]), SOON);
    await vi.waitFor(async () => {
      const decided = (await verdicts(own)).map(({ action, reason, failure }) => [action, reason, failure?.code]);
      expect(decided).toContainEqual(["allow", "heuristic", "resource"]);
    }, SOON);
  });
});
