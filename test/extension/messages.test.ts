import { beforeEach, expect, test, vi } from "vitest";

type Listener = (message: unknown, sender: object) => unknown;
const listeners: Listener[] = [];
let sender: object;
vi.mock("webextension-polyfill", () => ({
  default: {
    runtime: {
      id: "us",
      getURL: (path: string) => `extension://us/${path}`,
      onMessage: { addListener: (listener: Listener) => listeners.push(listener) },
      sendMessage: async (message: unknown) => {
        const answer = listeners.map((listener) => listener(message, sender)).find((value) => value !== undefined);
        if (answer === undefined) throw new Error("no answer");
        return answer;
      },
    },
  },
}));
const { send, serve } = await import("../../src/extension/messages.ts");

const PAGE = { id: "us", url: "https://page.example/" };
const OWN = { id: "us", url: "extension://us/src/extension/options/index.html" };

beforeEach(() => {
  listeners.length = 0;
  serve("guard", { wake() {} });
  serve("journal", { record() {} });
  serve("engine", { configure() {}, state: () => ({ models: [], judged: 3 }), checkGpu: () => ({}) });
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
  expect(await send("engine", "state", null)).toEqual({ models: [], judged: 3 });
  listeners.length = 0;
  serve("engine", {
    configure() {},
    state() {
      throw new Error("broken");
    },
    checkGpu: () => ({}),
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
