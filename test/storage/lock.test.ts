import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { openDB } from "idb";
import { beforeEach, describe, expect, test } from "vitest";
import type { JournalEvent } from "../../src/core/report/journal.ts";
import { type Journal, openJournal } from "../../src/storage/journal.ts";
import { JournalLockedError } from "../../src/storage/journal-lock.ts";
import { type LockKey, makeSlot, newLockKey, openSlot } from "../../src/storage/lock-slots.ts";

const FEW = 1_000;

describe("a slot", () => {
  test("gives the lock's key to its secret alone", async () => {
    const key = newLockKey();
    const slot = await makeSlot({ kind: "passphrase", addedAt: 1 }, "Straße und Café", key, FEW);
    expect(await openSlot(slot, "Straße und Café")).toEqual(key);
    // The same letters, written another way.
    expect(await openSlot(slot, "Straße und Café".normalize("NFD"))).toEqual(key);
    expect(await openSlot(slot, "straße und café")).toBeUndefined();
    expect(JSON.stringify(slot)).not.toContain("Straße");
  });

  test.each(["salt", "iv", "wrapped"] as const)("whose %s was altered opens for nobody", async (part) => {
    const slot = await makeSlot({ kind: "code", addedAt: 1 }, "secret", newLockKey(), FEW);
    const altered = `${slot[part].startsWith("0") ? "1" : "0"}${slot[part].slice(1)}`;
    expect(await openSlot({ ...slot, [part]: altered }, "secret")).toBeUndefined();
  });

  test("costs what OWASP asks for, and is never the same twice", async () => {
    const key = newLockKey();
    const [one, other] = await Promise.all([0, 1].map(() => makeSlot({ kind: "code", addedAt: 1 }, "secret", key)));
    expect(one?.iterations).toBe(600_000);
    expect(one?.wrapped).not.toBe(other?.wrapped);
  });
});

describe("a journal under a lock", () => {
  let opened: LockKey | undefined;
  let journal: Journal;
  let now = 0;
  let kept: unknown;
  const keep = {
    read: async () => kept,
    async write(value: unknown) {
      kept = value;
    },
  };
  const event = (id: string): JournalEvent => ({
    kind: "tally",
    id,
    at: now,
    site: "secret.example",
    subject: "text",
    allowed: 1,
  });
  const ids = async () => (await journal.between(0, Number.MAX_SAFE_INTEGER, 1e9)).map(({ id }) => id).sort();
  const open = () => openJournal({ keep, now: () => now, askLockKey: async () => opened });

  beforeEach(() => {
    globalThis.indexedDB = new IDBFactory();
    now = 1_000;
    opened = undefined;
    kept = undefined;
    journal = open();
  });

  async function locked(): Promise<LockKey> {
    const key = newLockKey();
    await journal.append([event("before")]);
    await journal.lock(key);
    return key;
  }

  test("is written and not read; the key opens all of it, in any context", async () => {
    const key = await locked();
    expect(await journal.isLocked()).toBe(true);
    await journal.append([event("while")]);
    await journal.noteChanges([{ about: "lock", what: "refused" }]);
    await expect(ids()).rejects.toBeInstanceOf(JournalLockedError);
    await expect(journal.check()).rejects.toBeInstanceOf(JournalLockedError);
    await expect(journal.changes(0, 1e9, 9)).rejects.toBeInstanceOf(JournalLockedError);
    expect(await journal.count()).toBe(2);
    opened = key;
    expect(await ids()).toEqual(["before", "while"]);
    expect((await journal.check()).verified).toMatchObject({ begins: "mark" });
    expect(await journal.changes(0, 1e9, 9)).toMatchObject([{ kind: "audit", changes: [{ what: "refused" }] }]);
    journal = open();
    expect(await ids()).toEqual(["before", "while"]);
  });

  test("what is counted goes on, and of it what this session has counted can be read for help in the moment", async () => {
    const key = await locked();
    await journal.append([event("while")]);
    await journal.putHelps([{ id: "1", at: now, kind: "breath", answer: "open" }]);
    await expect(journal.days(0)).rejects.toBeInstanceOf(JournalLockedError);
    await expect(journal.helps()).rejects.toBeInstanceOf(JournalLockedError);
    expect(await journal.daysAtHand(0)).toMatchObject([{ judged: 2 }]);
    kept = undefined;
    journal = open();
    await journal.append([event("after a restart")]);
    expect(await journal.daysAtHand(0)).toMatchObject([{ judged: 1 }]);
    opened = key;
    expect(await journal.days(0)).toMatchObject([{ judged: 3 }]);
    expect(await journal.helps()).toHaveLength(1);
  });

  test("holds no private key that could be used without the lock's", async () => {
    await locked();
    const db = await openDB("journal");
    const [sealing, all] = [await db.get("keys", "sealing"), await db.getAll("keys")];
    db.close();
    expect(Object.keys(sealing).sort()).toEqual(["iv", "publicKey", "sealed"]);
    const keys = all.flatMap((one) => Object.values(one)).filter((one) => one instanceof CryptoKey);
    expect(keys.filter(({ type, algorithm }) => type === "private" && algorithm.name === "ECDH")).toEqual([]);
  });

  test("closes again in a context that has read it", async () => {
    opened = await locked();
    await ids();
    opened = undefined;
    await journal.forgetKeys();
    await expect(ids()).rejects.toBeInstanceOf(JournalLockedError);
  });

  test("stays closed to another key", async () => {
    await locked();
    opened = newLockKey();
    await expect(ids()).rejects.toBeInstanceOf(JournalLockedError);
  });

  test("taken out of the lock it is read as before", async () => {
    const key = await locked();
    await journal.unlockForGood(key);
    expect([await journal.isLocked(), await ids()]).toEqual([false, ["before"]]);
  });

  test("is erased by who can open it, and the next one is under the same lock", async () => {
    const key = await locked();
    await expect(journal.erase()).rejects.toBeInstanceOf(JournalLockedError);
    opened = key;
    await journal.erase();
    await journal.append([event("after")]);
    expect(await ids()).toEqual(["after"]);
    opened = undefined;
    await journal.forgetKeys();
    await expect(ids()).rejects.toBeInstanceOf(JournalLockedError);
  });

  test("given up, it is gone, and a chain under no lock says so", async () => {
    await locked();
    await journal.giveUp();
    now += 1;
    await journal.append([event("after")]);
    expect([await journal.isLocked(), await ids()]).toEqual([false, ["after"]]);
    const entries = [];
    for await (const { entry } of journal.entries(0, 1e9)) entries.push(entry);
    expect(entries[0]).toMatchObject({ kind: "mark", reason: "lost", before: { n: 1 } });
    expect((await journal.check()).verified).toMatchObject({ begins: "mark" });
  });

  test("retention waits until it is open", async () => {
    const key = await locked();
    await expect(journal.fold(1e12)).rejects.toBeInstanceOf(JournalLockedError);
    opened = key;
    expect(await journal.fold(1e12)).toBe(1);
  });
});
