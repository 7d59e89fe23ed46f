import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Guarded } from "../../scripts/browser.mjs";
import type { Kind } from "../../scripts/setup.mjs";
import type { NoGpu } from "../../src/core/provider.ts";
import {
  ask,
  colours,
  type Fixture,
  marks,
  OPTIONS_PAGE,
  type OpenOptions,
  openGuarded,
  serveFixture,
} from "./harness.ts";

const [COLOUR] = colours(1) as [string];
const SOON = { timeout: 20_000, interval: 100 };
/** A graphics card that is a program: slow, but it goes the whole way through WebGPU. */
const SOFTWARE_CARD = ["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"];

const CASES: readonly { kind: Kind; name: string; options: OpenOptions; noGpu: NoGpu; words: string }[] = [
  {
    kind: "chromium",
    name: "a software adapter",
    options: { flags: SOFTWARE_CARD },
    noGpu: "software",
    words: "a program",
  },
  {
    kind: "chromium",
    name: "no adapter",
    options: { flags: ["--disable-gpu"] },
    noGpu: "noAdapter",
    words: "was found",
  },
  {
    kind: "firefox",
    name: "no WebGPU",
    options: { preferences: { "dom.webgpu.enabled": false } },
    noGpu: "unsupported",
    words: "offers no graphics card",
  },
];

/** Linear models of text need no runtime. */
const isNetwork = ({ id }: { id: string }) => id.startsWith("nsfw-");

describe.each(CASES)("$kind with $name", ({ kind, options, noGpu, words: expected }) => {
  let guarded: Guarded;
  let fixture: Fixture;
  let own: Page;

  beforeAll(async () => {
    fixture = await serveFixture({ "/": `<img src="/flat/${COLOUR}.png">` });
    guarded = await openGuarded(kind, options);
    own = await guarded.openOwnPage(OPTIONS_PAGE);
  });
  afterAll(async () => {
    await guarded?.close();
    await fixture?.close();
  });

  test.runIf(noGpu === "software")("the tiny network gives there what WebAssembly gives", async () => {
    const report = await ask(own, "checkGpu", { mayBeSoftware: true });
    expect(report).toMatchObject({ card: { isSoftware: true } });
    expect(report.noGpu).toBeUndefined();
    expect(report.difference).toBeLessThanOrEqual(1e-4);
  });

  test("pictures are judged on WebAssembly, and the state says why", async () => {
    expect(await ask(own, "checkGpu", { mayBeSoftware: false })).toMatchObject({ noGpu });
    const page = await guarded.newPage();
    await page.goto(fixture.origin);
    await vi.waitFor(async () => expect(await marks(page)).toEqual(["shown"]), SOON);
    const models = (await ask(own, "status", null)).judge.models.filter(isNetwork);
    expect(models.map(({ provider, noGpu: why }) => [provider, why])).toEqual(models.map(() => ["wasm", noGpu]));
  });

  test("the options page says so in words, and checks the card on request", async () => {
    const models = await guarded.openOwnPage(`${OPTIONS_PAGE}#models`);
    const words = (id: string) => models.$eval(`[data-testid="${id}"]`, (found) => found.textContent ?? "");
    await models.waitForSelector('[data-testid="check-gpu"]');
    expect(await words("gpu")).toContain(expected);
    await models.click('[data-testid="check-gpu"]');
    await models.waitForSelector(`[data-testid="gpu-report"][data-no-gpu="${noGpu}"]`);
    expect(await words("gpu-report")).toContain(expected);
    expect(
      await models.$$eval('[data-testid="model"]', (rows) => rows.map((row) => row.getAttribute("data-provider"))),
    ).toEqual((await ask(own, "status", null)).judge.models.map((model) => (isNetwork(model) ? "wasm" : null)));
  });
});
