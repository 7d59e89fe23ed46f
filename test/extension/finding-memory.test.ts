import { expect, test, vi } from "vitest";
import type { Finding } from "../../src/core/types.ts";
import { capacityFor, FindingMemory } from "../../src/extension/offscreen/finding-memory.ts";
import type { Cache } from "../../src/storage/cache.ts";

const site = { name: "open site.example", mayPersist: true };
const hidden = { name: "private site.example", mayPersist: false };
const finding: Finding = { signals: [{ category: "sexual", score: 0.9, detector: "d", evidence: [] }] };

function shelf(): Cache & { readonly rows: Map<string, unknown> } {
  const rows = new Map<string, unknown>();
  return {
    rows,
    get: async (name) => rows.get(name),
    put: async (name, value) => void rows.set(name, value),
    count: async () => rows.size,
    erase: async () => rows.clear(),
  };
}

function memoryOn(cache: Cache, pipeline = "pipeline") {
  const memory = new FindingMemory(cache, 10);
  void memory.configure(pipeline, true);
  return memory;
}

test("a finding is known in this session, and from disk in the next", async () => {
  const cache = shelf();
  const first = memoryOn(cache);
  first.keep("file 1", site, finding);
  expect(await first.recall("file 1", site)).toEqual({ ...finding, recalled: "memory" });
  const next = memoryOn(cache);
  expect(await next.recall("file 1", site)).toEqual({ ...finding, recalled: "disk" });
  expect(await next.recall("file 1", site)).toEqual({ ...finding, recalled: "memory" });
  expect(await memoryOn(cache, "newer pipeline").recall("file 1", site)).toBeUndefined();
});

test("what a private window showed is neither written down nor known outside; sites do not learn of each other", async () => {
  const cache = shelf();
  const memory = memoryOn(cache);
  memory.keep("file 1", hidden, finding);
  expect(cache.rows.size).toBe(0);
  expect(await memory.recall("file 1", hidden)).toMatchObject({ recalled: "memory" });
  expect(await memory.recall("file 1", site)).toBeUndefined();
  memory.keep("file 2", site, finding);
  expect(await memory.recall("file 2", hidden)).toBeUndefined();
  expect(await memory.recall("file 2", { name: "open other.example", mayPersist: true })).toBeUndefined();
});

test("a failure is never kept", async () => {
  const memory = memoryOn(shelf());
  memory.keep("file 1", site, { signals: [], failure: { code: "model", message: "gone" } });
  expect(await memory.recall("file 1", site)).toBeUndefined();
});

test("who does not want findings to outlive the visit has none on disk, from then on", async () => {
  const cache = shelf();
  const memory = memoryOn(cache);
  memory.keep("file 1", site, finding);
  await memory.configure("pipeline", false);
  memory.keep("file 2", site, finding);
  expect(cache.rows.size).toBe(0);
  expect(await memory.recall("file 2", site)).toMatchObject({ recalled: "memory" });
});

test("forgetting reaches both, and a database that fails costs nothing but a warning", async () => {
  const cache = shelf();
  const memory = memoryOn(cache);
  memory.keep("file 1", site, finding);
  await memory.forget();
  expect([await memory.recall("file 1", site), cache.rows.size]).toEqual([undefined, 0]);
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const broken = {
    ...shelf(),
    get: () => Promise.reject(new Error("quota")),
    put: () => Promise.reject(new Error("quota")),
  };
  const poor = memoryOn(broken);
  expect(await poor.recall("file 1", site)).toBeUndefined();
  poor.keep("file 1", site, finding);
  expect(await poor.recall("file 1", site)).toMatchObject({ recalled: "memory" });
  expect(warn).toHaveBeenCalled();
  warn.mockRestore();
});

test.each([
  [undefined, 100],
  [0.5, 100],
  [8, 800],
])("of a machine that tells %j GiB, %i findings are kept in memory", (gib, count) => {
  expect(capacityFor(gib)).toBe(count);
});
