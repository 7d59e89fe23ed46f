import { createHash } from "node:crypto";
import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Guarded } from "../../scripts/browser.mjs";
import { ask, blockedFor, type Fixture, KINDS, OPTIONS_PAGE, openGuarded, serveFixture } from "./harness.ts";

const SOON = { timeout: 15_000, interval: 50 };
const HOSTS = Array.from({ length: 500 }, (_, i) => `bad-${i}.example.com`).sort();
const versionOf = (hosts: readonly string[]) =>
  createHash("sha256")
    .update(`${hosts.join("\n")}\n`)
    .digest("hex");

describe.each(KINDS)("lists in %s", (kind) => {
  let guarded: Guarded;
  let fixture: Fixture;
  let own: Page;
  const pages: Record<string, string> = {};

  beforeAll(async () => {
    fixture = await serveFixture(pages);
    guarded = await openGuarded(kind, { localHosts: ["bad-7.example.com", "new.example.com"] });
    own = await guarded.openOwnPage(`${OPTIONS_PAGE}#/lists`);
  });
  afterAll(async () => {
    await guarded?.close();
    await fixture?.close();
  });

  const rules = () =>
    own.evaluate(async () => {
      const api = (globalThis as { browser?: typeof chrome }).browser ?? chrome;
      const all = await api.declarativeNetRequest.getDynamicRules();
      return all
        .map(({ id, condition }) => ({ id, hosts: condition.requestDomains?.length ?? 0 }))
        .sort((a, b) => a.id - b.id);
    });
  const isBlocked = async (host: string) => {
    const page = await guarded.newPage();
    await page.goto(`${fixture.origin}/`);
    await page.evaluate((url) => location.assign(url), `http://${host}:${fixture.port}/`);
    await blockedFor(page, host);
    await page.close();
  };

  test("a list of an address, its changes, and a bad version: the last good one stays", async () => {
    pages["/"] = "<h1>Start</h1>";
    pages["/list.txt"] = `# title: Mine\n# delta: list.delta.txt\n${HOSTS.join("\n")}\n`;
    const { list } = await ask(own, "addList", { category: "malware", url: `${fixture.origin}/list.txt` });
    expect(list).toMatchObject({ title: "Mine", hosts: 500, version: versionOf(HOSTS) });
    const before = await rules();
    expect(before.length).toBeLessThanOrEqual(64);
    expect(before.reduce((sum, { hosts }) => sum + hosts, 0)).toBe(500);
    await isBlocked("bad-7.example.com");

    const next = [...HOSTS.filter((host) => host !== "bad-9.example.com"), "new.example.com"].sort();
    pages["/list.delta.txt"] =
      `# wardlight-delta 1\n# base: ${versionOf(HOSTS)}\n# result: ${versionOf(next)}\n+new.example.com\n-bad-9.example.com\n`;
    fixture.requests.length = 0;
    const id = list?.id ?? "";
    expect(await ask(own, "refreshList", { id })).toMatchObject({ changed: 2, list: { version: versionOf(next) } });
    expect(fixture.requests.map(({ path }) => path)).toEqual(["/list.delta.txt"]);
    const after = await rules();
    expect(after.filter((rule, i) => JSON.stringify(rule) !== JSON.stringify(before[i])).length).toBeLessThanOrEqual(2);
    await isBlocked("new.example.com");

    for (const [content, problem] of [
      ["<html>Sign in</html>", "html"],
      ["*\n", "everything"],
      ["# count: 9\na.example.com\n", "incomplete"],
    ] as const) {
      pages["/list.txt"] = content;
      const refused = await ask(own, "refreshList", { id });
      expect(refused).toMatchObject({ failure: { problem }, list: { version: versionOf(next), hosts: 500 } });
    }
    expect(await rules()).toEqual(after);
    await isBlocked("bad-7.example.com");
  });

  test("the page of lists adds, says what is wrong, finds entries and switches one off", async () => {
    own = await guarded.openOwnPage(`${OPTIONS_PAGE}#/lists`);
    await own.waitForSelector("#list-address", SOON);
    await own.type("#list-address", "ftp://nowhere");
    await own.$eval("form.add-host", (form) => (form as HTMLFormElement).requestSubmit());
    await own.waitForSelector('form.add-host [role="alert"]', SOON);
    expect(await own.$$eval('[data-testid="shipped-list"]', (lists) => lists.length)).toBe(4);
    await own.type("#entry-search", "bad-7.example");
    await own.waitForSelector('[data-testid="entry"] button', SOON);
    await own.$eval('[data-testid="entry"] button', (button) => (button as HTMLButtonElement).click());
    await vi.waitFor(async () => {
      expect((await ask(own, "settings", {})).trustedAddresses).toEqual(["bad-7.example.com"]);
    }, SOON);
    const page = await guarded.newPage();
    await page.goto(`http://bad-7.example.com:${fixture.port}/`);
    expect(await page.$eval("h1", (heading) => heading.textContent)).toBe("Start");
  });
});
