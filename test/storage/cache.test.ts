import "fake-indexeddb/auto";
import { deleteDB, openDB } from "idb";
import { afterEach, expect, test } from "vitest";
import { type Cache, MAX_ROWS, openCache } from "../../src/storage/cache.ts";

const finding = { signals: [{ category: "sexual", score: 0.9 }] };
let caches: Cache[] = [];
const fresh = () => {
  const cache = openCache();
  caches.push(cache);
  return cache;
};
afterEach(async () => {
  for (const cache of caches) await cache.erase();
  caches = [];
  await deleteDB("cache");
});

test("what was put is there on the next visit, under its very name", async () => {
  await fresh().put("https://site.example/a.png", finding, 1);
  const later = fresh();
  expect(await later.get("https://site.example/a.png")).toEqual(finding);
  expect(await later.get("https://site.example/b.png")).toBeUndefined();
});

test("neither names nor values can be read in the file, and the keys cannot be taken out", async () => {
  await fresh().put("https://site.example/secret.png", finding, 1);
  const db = await openDB("cache");
  const [row] = await db.getAll("rows");
  const text = JSON.stringify({ ...row, sealed: [...new Uint8Array(row.sealed)] }) + Buffer.from(row.sealed).toString();
  expect(text).not.toMatch(/secret|sexual|signals|site\.example/);
  const keys: CryptoKey[] = await db.getAll("keys");
  expect(keys.map(({ extractable }) => extractable)).toEqual([false, false]);
  db.close();
});

test("a row that was altered, or put under another name, is no row", async () => {
  const cache = fresh();
  await cache.put("a", finding, 1);
  await cache.put("b", { signals: [] }, 2);
  const db = await openDB("cache");
  const [a, b] = await db.getAll("rows");
  await db.put("rows", { ...a, sealed: b.sealed, iv: b.iv });
  await db.put("rows", { ...b, sealed: new Uint8Array(b.sealed).fill(7).buffer });
  db.close();
  expect([await cache.get("a"), await cache.get("b")]).toEqual([undefined, undefined]);
  expect(await cache.count()).toBe(0);
});

test("erasing takes rows and keys, and what comes after is kept under fresh ones", async () => {
  const cache = fresh();
  await cache.put("a", finding, 1);
  await cache.erase();
  expect([await cache.get("a"), await cache.count()]).toEqual([undefined, 0]);
  await cache.put("a", finding, 2);
  expect(await cache.get("a")).toEqual(finding);
});

test("it is bounded, and the oldest go first", async () => {
  const cache = fresh();
  await cache.put("seed", finding, 0);
  const db = await openDB("cache");
  const [seed] = await db.getAll("rows");
  const { store, done } = db.transaction("rows", "readwrite");
  for (let i = 1; i <= MAX_ROWS + 250; i++) void store.put({ ...seed, name: `${i}`, at: i });
  await done;
  await cache.put("newest", finding, 1_000_000);
  expect(await cache.count()).toBe(MAX_ROWS);
  const left = await Promise.all(["251", "252"].map((name) => db.get("rows", name)));
  expect([await cache.get("seed"), ...left.map((row) => row?.at)]).toEqual([undefined, undefined, 252]);
  expect(await cache.get("newest")).toEqual(finding);
  db.close();
});
