import { beforeEach, expect, test, vi } from "vitest";

type Listener = (message: unknown, sender: object) => unknown;
const STATE = { models: [], judged: 3, recalled: { memory: 0, disk: 0, likeness: 0 }, reread: 0 };
const listeners: Listener[] = [];
const asked: [number, object][] = [];
let sender: object;

async function knock(message: unknown) {
  const answer = listeners.map((listener) => listener(message, sender)).find((value) => value !== undefined);
  if (answer === undefined) throw new Error("no answer");
  return answer;
}

vi.mock("webextension-polyfill", () => ({
  default: {
    runtime: {
      id: "us",
      getURL: (path: string) => `extension://us/${path}`,
      onMessage: { addListener: (listener: Listener) => listeners.push(listener) },
      sendMessage: (message: unknown) => knock(message),
    },
    tabs: {
      sendMessage: (tabId: number, message: unknown, options: object) => {
        asked.push([tabId, options]);
        return knock(message);
      },
    },
  },
}));
const { send, sendToFrame, serve } = await import("../../src/extension/messages.ts");

const PAGE = { id: "us", url: "https://page.example/" };
const OWN = { id: "us", url: "extension://us/src/extension/options/index.html" };
const COUNTS = { shown: 1, waiting: 0, veiled: 0 };

const drafts = { quietSite() {}, redact: () => ({ text: "", mapping: [] }), restore: () => "" };

beforeEach(() => {
  listeners.length = 0;
  const guard = {
    wake() {},
    allowSite() {},
    reveal() {},
    arrive: () => null,
    links: () => [],
    leave() {},
    counted() {},
    ...drafts,
  };
  serve("guard", guard);
  serve("journal", { record: () => true as const });
  serve("engine", {
    configure() {},
    state: () => STATE,
    checkGpu: () => ({}),
    test: () => Promise.reject(),
    testText: () => Promise.reject(),
    forget() {},
    tryPack: () => Promise.reject(),
    measure: () => [],
  });
});

test("a content script tells what its page shows to our own pages alone", async () => {
  const summary = { contentType: "text/html", pictures: COUNTS, acts: [] };
  serve("page", { summary: () => summary, release() {}, reveal() {} });
  sender = OWN;
  expect(await sendToFrame({ tabId: 7, frameId: 2 }, "page", "summary", null)).toEqual(summary);
  expect(asked).toEqual([[7, { frameId: 2 }]]);
  sender = PAGE;
  await expect(sendToFrame({ tabId: 7, frameId: 2 }, "page", "summary", null)).rejects.toThrow("no answer");
});

test("a content script may wake the judge, and nothing else", async () => {
  sender = PAGE;
  await expect(send("guard", "wake", null)).resolves.toBeUndefined();
  await expect(send("journal", "record", [])).rejects.toThrow("no answer");
  await expect(send("engine", "state", null)).rejects.toThrow("no answer");
});

test.each([
  { id: "us" },
  { id: "us", url: "extension://us.evil/" },
  { id: "another", url: "extension://us/src/extension/options/index.html" },
])("%j is no page of ours", async (visitor) => {
  sender = visitor;
  await expect(send("engine", "state", null)).rejects.toThrow("no answer");
});

test("our own pages are answered, and a handler's error reaches the caller", async () => {
  sender = OWN;
  expect(await send("engine", "state", null)).toEqual(STATE);
  listeners.length = 0;
  serve("engine", {
    configure() {},
    state() {
      throw new Error("broken");
    },
    checkGpu: () => ({}),
    test: () => Promise.reject(),
    testText: () => Promise.reject(),
    forget() {},
    tryPack: () => Promise.reject(),
    measure: () => [],
  });
  await expect(send("engine", "state", null)).rejects.toThrow("broken");
});

test.each([null, "text", {}, { door: "guard" }, { door: "guard", kind: "toString" }, { door: "guard", kind: 3 }])(
  "%j is no message",
  (message) => {
    expect(listeners.map((listener) => listener(message, OWN))).toEqual([undefined, undefined, undefined]);
  },
);

test("the contract is checked by the compiler", () => {
  // @ts-expect-error there is no such message
  void (() => send("guard", "record", []));
  // @ts-expect-error a wrong request
  void (() => send("console", "events", { since: 0 }));
  // @ts-expect-error a missing handler
  void (() => serve("engine", { configure() {} }));
});
