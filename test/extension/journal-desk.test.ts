import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, expect, test, vi } from "vitest";
import type { JournalEvent } from "../../src/core/report/journal.ts";

const nothing = { addListener: () => {} };
vi.mock("../../src/extension/browser.ts", () => ({
  browser: {
    runtime: { onStartup: nothing },
    alarms: { onAlarm: nothing },
    extension: { inIncognitoContext: false },
    storage: {
      session: { get: async () => ({}), set: async () => {} },
      local: { get: async () => ({}) },
      managed: { get: async () => ({}) },
    },
  },
}));
const { openJournalDesk } = await import("../../src/extension/background/journal-desk.ts");

const event = (id: string): JournalEvent => ({
  kind: "tally",
  id,
  at: Date.now(),
  site: "a.example",
  subject: "text",
  allowed: 1,
});

beforeEach(() => {
  vi.stubGlobal("indexedDB", new IDBFactory());
});

test("a full disk is told of, nothing of it is acknowledged, and what is sent again afterwards is kept", async () => {
  const desk = openJournalDesk();
  expect(await desk.acknowledge([event("before")])).toBe(true);
  const put = vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(() => {
    throw new DOMException("The disk is full.", "QuotaExceededError");
  });
  await expect(desk.acknowledge([event("lost?")])).rejects.toThrow("full");
  put.mockRestore();
  expect(await desk.state()).toEqual({ events: 1, journalFailure: "QuotaExceededError: The disk is full." });
  expect(await desk.acknowledge([event("lost?")])).toBe(true);
  expect(await desk.state()).toEqual({ events: 2 });
  expect((await desk.between(0, Number.MAX_SAFE_INTEGER, 9)).map(({ id }) => id)).toEqual(["lost?", "before"]);
});
