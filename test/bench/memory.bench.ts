import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "puppeteer-core";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { parseCatalog, rowsOf } from "../../src/core/catalog.ts";
import type { Bench, Row } from "./bench.ts";
import { addOrders, closeWelcome, ON_A_PAGE, serveDistinct } from "./distinct-pictures.ts";
import { extensionMemory, type Memory } from "./extension-memory.ts";
import { newPage } from "./pages.ts";

const TABS = 20;
const IDLE_MS = 30_000;
const SAMPLE_MS = 250;

export const bench: Bench = {
  name: "memory",
  title: "Memory",
  builds: ["chromium"],
  async measure(context) {
    const { browser } = await context.open("chromium");
    const pictures = await serveDistinct(context);
    await closeWelcome(browser);
    const samples: Memory[] = [];
    const sampler = setInterval(() => samples.push(extensionMemory(browser)), SAMPLE_MS);
    context.onEnd(() => clearInterval(sampler));
    for (let tab = 0; tab < TABS; tab++) await pictures.visit(await newPage(browser), tab * ON_A_PAGE);
    const atOnce = extensionMemory(browser);
    clearInterval(sampler);
    const peak = Math.max(...samples.map(({ pssMiB }) => pssMiB));
    context.say(`${TABS} tabs: ${atOnce.pssMiB.toFixed(0)} MiB`);
    await sleep(IDLE_MS);
    const idle = extensionMemory(browser);
    const pages = await browser.pages();
    await Promise.all(pages.slice(1).map((page) => page.close()));
    const rows = [
      memoryRow(
        `${TABS} tabs of ${ON_A_PAGE} pictures, after the last verdict`,
        atOnce,
        170,
        `peak ${peak.toFixed(0)} MiB`,
      ),
      memoryRow(`${IDLE_MS / 1000} s after the last verdict`, idle, 90, "the same tabs still open"),
    ];
    if (rowsOf(parseCatalog(catalogJson), "text-encoder").length === 0) return rows;
    const page = pages[0] as Page;
    await pictures.visit(page, TABS * ON_A_PAGE);
    await addOrders(page);
    const reading = extensionMemory(browser);
    return [
      ...rows,
      memoryRow("with two networks for pictures and the text encoder at work", reading, 340, "one page of both"),
    ];
  },
};

function memoryRow(what: string, { pssMiB, ownMiB }: Memory, atMost: number, detail: string): Row {
  return {
    what: `Memory of all extension processes, ${what}`,
    value: pssMiB,
    unit: "MiB",
    target: { atMost },
    detail: `${detail}; ${(pssMiB - ownMiB).toFixed(0)} MiB are its share of the browser's program`,
  };
}
