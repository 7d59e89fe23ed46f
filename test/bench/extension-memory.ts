import { readdirSync, readFileSync } from "node:fs";
import type { Browser, CDPSession } from "puppeteer-core";
import { UserError } from "../../scripts/setup.mjs";

/** What processes take, in MiB. */
export interface Memory {
  /** Proportional set size: each shared page of memory counts in equal parts for those who share it. */
  readonly pssMiB: number;
  /** Of it, all but what is mapped from files: the share of the browser's program, larger the fewer browsers run. */
  readonly ownMiB: number;
}

/**
 * That of all processes of the extension (background, judge, workers, own pages). Content scripts live in the pages'
 * processes.
 * @throws UserError on a system without `/proc`.
 */
export function extensionMemory(browser: Browser): Memory {
  const root = browser.process()?.pid;
  if (process.platform !== "linux" || !root) throw new UserError("Memory is read from /proc, which only Linux has.");
  const mine = descendantsOf(root).filter((pid) => read(pid, "cmdline").includes("--extension-process"));
  if (mine.length === 0) throw new Error("The browser has no process of an extension.");
  const sum = (name: string) => mine.reduce((total, pid) => total + kibOf(pid, name), 0) / 1024;
  const pssMiB = sum("Pss");
  return { pssMiB, ownMiB: pssMiB - sum("Pss_File") };
}

/**
 * Has each realm of the extension (background, judge, workers, own pages) collect its garbage, but for the further threads
 * of ONNX Runtime: they make none, and answer nobody while they sleep.
 */
export async function collectGarbage(browser: Browser): Promise<void> {
  const mine = browser.targets().filter((target) => target.url().startsWith("chrome-extension:"));
  for (const target of mine) {
    if (target.type() === "service_worker") await collectIn((await target.worker())?.client);
    if (target.type() !== "page" && target.type() !== "background_page") continue;
    const page = await target.asPage();
    const session = await page.createCDPSession();
    await collectIn(session);
    await session.detach();
    for (const worker of page.workers()) if (!worker.url().includes("/ort/")) await collectIn(worker.client);
  }
}

async function collectIn(client: CDPSession | undefined): Promise<void> {
  await client?.send("HeapProfiler.collectGarbage");
}

/** In KiB; nothing for a process that has ended. */
function kibOf(pid: number, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(read(pid, "smaps_rollup"))?.[1] ?? 0);
}

function descendantsOf(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    // The name of the program stands in brackets and may hold anything; the parent is the second field after them.
    const parent = Number(read(Number(name), "stat").split(") ").at(-1)?.split(" ")[1]);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
