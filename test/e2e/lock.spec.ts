import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import en from "../../public/_locales/en/messages.json" with { type: "json" };
import type { Guarded } from "../../scripts/browser.mjs";
import { ask, KINDS, OPTIONS_PAGE, openGuarded } from "./harness.ts";

const SOON = { timeout: 20_000, interval: 100 };
const ADDON = "wardlight@wardlight.example";
const HOUR = 3_600_000;
const [FIRST, SECOND] = ["a lantern in the hall", "another lantern there"];

/** Lets the stored moments of what waits, and of a lockdown, be over: the clock itself cannot be turned. */
function age(own: Page): Promise<void> {
  return own.evaluate(async () => {
    const api = (globalThis as { browser?: typeof chrome }).browser ?? chrome;
    const { lock } = (await api.storage.local.get("lock")) as { lock: { pending: { dueAt: number }[] } };
    const pending = lock.pending.map((one) => ({ ...one, dueAt: 1 }));
    await api.storage.local.set({ lock: { ...lock, pending, lockdownUntil: null } });
  });
}

test("what an organisation sets in Firefox wins, is shown as such, and nobody weakens anything", async () => {
  const home = await mkdtemp(`${tmpdir()}/wardlight-home-`);
  const folder = `${home}/.mozilla/managed-storage`;
  const data = { level: "strict", drafts: { pii: "hold" }, isLocked: true };
  const manifest = { name: ADDON, description: "For a test", type: "storage", data };
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/${ADDON}.json`, JSON.stringify(manifest));
  vi.stubEnv("HOME", home);
  const guarded = await openGuarded("firefox").finally(() => vi.unstubAllEnvs());
  try {
    const own = await guarded.openOwnPage(`${OPTIONS_PAGE}#/protection`);
    await own.waitForSelector('[data-testid="managed"]', SOON);
    const notes = () => own.$$eval('[data-testid="managed"] > legend', (all) => all.map((one) => one.textContent));
    expect(await notes()).toEqual([
      "Set by your organisation: Level",
      "Set by your organisation: To an AI: personal data",
    ]);
    expect(await own.$$('fieldset[disabled] input[value="strict"]:checked')).toHaveLength(1);
    expect(await ask(own, "settings", {})).toMatchObject({ level: "strict", drafts: { pii: "hold", secret: "warn" } });
    const refused = en.refused_managed.message;
    await expect(ask(own, "settings", { level: "relaxed" })).rejects.toThrow(refused);
    await expect(ask(own, "settings", { allowlist: ["a.example"] })).rejects.toThrow(refused);
    expect((await ask(own, "settings", { cover: "remove" })).cover).toBe("remove");
  } finally {
    await guarded.close();
    await rm(home, { recursive: true, force: true });
  }
});

describe.each(KINDS)("the lock in %s", (kind) => {
  let guarded: Guarded;
  let own: Page;

  beforeAll(async () => {
    guarded = await openGuarded(kind);
    own = await guarded.openOwnPage(`${OPTIONS_PAGE}#/lock`);
    await own.waitForSelector("#cooling-hours", SOON);
  });
  afterAll(() => guarded?.close());

  const state = () => ask(own, "lock", null);
  const level = async () => (await ask(own, "settings", {})).level;
  const main = () => own.$eval("main", (element) => element.textContent ?? "");
  const click = async (name: string) => (await own.waitForSelector(`[data-testid="${name}"]`, SOON))?.click();
  const type = async (selector: string, text: string) => {
    await own.$eval(selector, (field) => {
      (field as HTMLInputElement).value = "";
    });
    await own.type(selector, text);
  };
  const go = async (route: string) => {
    await own.evaluate((name) => {
      location.hash = `#/${name}`;
    }, route);
  };
  const open = (secret: string) => ask(own, "unlock", { secret });
  const setPassphrase = async (secret: string) => {
    await own.$eval('[data-testid="secret-passphrase"]', (details) => details.setAttribute("open", ""));
    await type("#new-passphrase", secret);
    await type("#again-passphrase", secret);
    await click("set-passphrase");
  };

  test("what strengthens holds at once; what weakens waits, is shown, can be called off, and comes in its time", async () => {
    await own.select("#cooling-hours", "24");
    await vi.waitFor(async () => expect((await state()).coolingHours).toBe(24), SOON);
    expect((await ask(own, "settings", { level: "strict" })).level).toBe("strict");
    const mixed = await ask(own, "settings", { level: "relaxed", cover: "card", allowlist: ["a.example"] });
    expect(mixed).toMatchObject({ level: "strict", cover: "card", allowlist: [] });
    await own.reload({ waitUntil: [] });
    await vi.waitFor(async () => expect(await own.$$('[data-testid="pending"]')).toHaveLength(2), SOON);
    expect(await main()).toContain("Level: Relaxed");
    await own.click('[data-testid="pending"] button');
    await vi.waitFor(async () => expect(await own.$$('[data-testid="pending"]')).toHaveLength(1), SOON);
    await age(own);
    expect((await state()).pending).toEqual([]);
    expect(await ask(own, "settings", {})).toMatchObject({ level: "strict", allowlist: ["a.example"] });
    await ask(own, "changeLock", { kind: "cooling", hours: 0 });
    expect((await state()).coolingHours).toBe(24);
    await age(own);
    expect((await state()).coolingHours).toBe(0);
  });

  test("a passphrase closes it: no pause, no reading, no erasing; only what strengthens", async () => {
    await own.reload({ waitUntil: [] });
    await own.waitForSelector('[data-testid="secret-passphrase"]', SOON);
    await setPassphrase(FIRST);
    await own.waitForSelector("#unlock-secret", SOON);
    const refused = en.refused_locked.message;
    await expect(ask(own, "settings", { pausedUntil: Date.now() + HOUR })).rejects.toThrow(refused);
    await expect(ask(own, "settings", { mayReveal: true, allowlist: ["a.example", "b.example"] })).rejects.toThrow(
      refused,
    );
    await expect(ask(own, "erase", null)).rejects.toThrow(refused);
    await expect(ask(own, "permit", null)).rejects.toThrow(refused);
    await expect(ask(own, "changeLock", { kind: "drop", slot: "passphrase" })).rejects.toThrow(refused);
    await expect(ask(own, "events", { since: 0, until: Date.now(), limit: 9 })).rejects.toThrow("locked");
    expect((await ask(own, "settings", { cover: "remove", allowlist: [] })).cover).toBe("remove");
    await go("journal");
    await vi.waitFor(async () => expect(await main()).toContain(en.closed_lead.message), SOON);
  });

  test("the popup's wish to exempt or to pause is refused in words", async () => {
    const popup = await guarded.openOwnPage("src/extension/popup/index.html");
    await (await popup.waitForSelector('input[value="balanced"]', SOON))?.click();
    await vi.waitFor(
      async () =>
        expect(await popup.$eval("main", (element) => element.textContent)).toContain(en.refused_locked.message),
      SOON,
    );
    await popup.close();
    expect(await level()).toBe("strict");
  });

  test("the wrong secret does not open it, the right one does, in every section", async () => {
    await own.bringToFront();
    await type("#unlock-secret", "not the passphrase");
    await click("unlock");
    await vi.waitFor(async () => expect(await main()).toContain(en.unlock_wrong.message), SOON);
    await type("#unlock-secret", FIRST);
    await click("unlock");
    await vi.waitFor(async () => expect(await main()).not.toContain(en.closed_lead.message), SOON);
    await go("compliance");
    await own.waitForSelector('[data-testid="audit"]', SOON);
    await vi.waitFor(async () => expect(await main()).toContain(en.audit_refused.message), SOON);
    expect(await main()).toContain("Level Balanced → Strict");
    await go("lock");
    expect((await ask(own, "settings", { level: "balanced" })).level).toBe("balanced");
  });

  test("a code for a friend opens it as typed; a changed passphrase replaces the old one", async () => {
    await own.waitForSelector('[data-testid="secret-code"]', SOON);
    await own.$eval('[data-testid="secret-code"]', (details) => details.setAttribute("open", ""));
    await own.select("#code-length", "64");
    await click("make-code");
    const code = (await (await own.waitForSelector('[data-testid="code"]'))?.evaluate((el) => el.textContent)) ?? "";
    expect(code.replaceAll(/\W/g, "")).toHaveLength(64);
    await click("set-code");
    await vi.waitFor(async () => expect((await state()).secrets).toHaveLength(2), SOON);
    await setPassphrase(SECOND);
    await vi.waitFor(
      async () => expect(await own.$eval("#new-passphrase", (field) => (field as HTMLInputElement).value)).toBe(""),
      SOON,
    );
    await click("close-lock");
    await own.waitForSelector("#unlock-secret", SOON);
    expect(await open(FIRST)).toBe(false);
    expect(await open(code.toLowerCase().replaceAll("-", " "))).toBe(true);
    await ask(own, "changeLock", { kind: "close" });
    expect(await open(SECOND)).toBe(true);
  });

  test("in a lockdown nothing weakens although the lock is open, and it cannot be made shorter", async () => {
    await ask(own, "changeLock", { kind: "lockdown", until: Date.now() + 2 * HOUR });
    const refused = en.refused_lockdown.message;
    await expect(ask(own, "settings", { level: "relaxed" })).rejects.toThrow(refused);
    await expect(ask(own, "changeLock", { kind: "drop", slot: "code" })).rejects.toThrow(refused);
    await expect(ask(own, "changeLock", { kind: "lockdown", until: Date.now() + HOUR })).rejects.toThrow("longer");
    await age(own);
    expect((await ask(own, "settings", { level: "relaxed" })).level).toBe("relaxed");
  });

  test("a security key opens it where the browser can have one derive a secret; where not, the page says so", async () => {
    await own.reload({ waitUntil: [] });
    await own.waitForSelector('[data-testid="secret-key"]', SOON);
    await own.$eval('[data-testid="secret-key"]', (details) => details.setAttribute("open", ""));
    if (kind === "firefox") {
      // It says that it can, and then refuses an extension's page.
      await click("set-key");
      await vi.waitFor(async () => expect(await main()).toContain(en.key_unable.message), SOON);
      return;
    }
    const session = await own.createCDPSession();
    await session.send("WebAuthn.enable");
    await session.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        ctap2Version: "ctap2_1",
        transport: "usb",
        hasUserVerification: true,
        isUserVerified: true,
        hasPrf: true,
        automaticPresenceSimulation: true,
      },
    });
    await click("set-key");
    await vi.waitFor(async () => expect((await state()).secrets).toHaveLength(3), SOON);
    await click("close-lock");
    await click("unlock-key");
    await vi.waitFor(async () => expect((await state()).openUntil).not.toBeNull(), SOON);
  });

  test("lost, it is given up after a day: the lock is gone, and the journal begins anew and says so", async () => {
    await ask(own, "changeLock", { kind: "close" });
    await own.reload({ waitUntil: [] });
    await click("lost");
    await click("lost-confirm");
    await own.waitForSelector('[data-testid="pending"]', SOON);
    const [{ dueAt, askedAt } = { dueAt: 0, askedAt: 0 }] = (await state()).pending;
    expect(dueAt - askedAt).toBe(24 * HOUR);
    expect((await state()).isJournalLocked).toBe(true);
    await age(own);
    expect(await state()).toMatchObject({ secrets: [], pending: [], isJournalLocked: false, openUntil: null });
    // What is left are the changes since: that the lock went is one of them.
    await vi.waitFor(async () => {
      const rows = await ask(own, "changes", { limit: 50 });
      expect(rows.flatMap(({ changes }) => changes)).toContainEqual(
        expect.objectContaining({ about: "lock", what: "passphrase" }),
      );
      expect(rows.flatMap(({ changes }) => changes).some(({ what }) => what === "opened")).toBe(false);
    }, SOON);
  });
});
