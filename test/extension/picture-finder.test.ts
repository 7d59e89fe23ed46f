import sharp from "sharp";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Finding } from "../../src/core/types.ts";
import { FindingMemory } from "../../src/extension/offscreen/finding-memory.ts";
import type { PictureInput } from "../../src/extension/offscreen/image-worker.ts";
import { PictureFinder } from "../../src/extension/offscreen/picture-finder.ts";
import type { Visitor } from "../../src/extension/offscreen/visitor.ts";
import type { WorkerClient } from "../../src/extension/offscreen/worker-client.ts";
import type { Cache } from "../../src/storage/cache.ts";

vi.mock("webextension-polyfill", () => ({ default: {} }));

const finding: Finding = { signals: [{ category: "sexual", score: 0.9, detector: "d", evidence: [] }] };
const rows = new Map<string, unknown>();
const cache: Cache = {
  get: async (name) => rows.get(name),
  put: async (name, value) => void rows.set(name, value),
  count: async () => rows.size,
  erase: async () => rows.clear(),
};
/** Until all is done that waits for nobody: turns of the event loop, and of the threads that compute the files' hashes. */
const settle = async () => {
  for (let i = 0; i < 20; i++) {
    await crypto.subtle.digest("SHA-256", new Uint8Array(1_000));
    await new Promise((resolve) => setImmediate(resolve));
  }
};
const never = () => false;

/** What the worker was asked, and how to let it answer. */
let asked: PictureInput[];
let answers: (() => void)[];
let isAnswering: boolean;
let served: { path: string; isRead: boolean }[];
let file: Buffer;

beforeEach(async () => {
  [asked, answers, served, isAnswering] = [[], [], [], true];
  rows.clear();
  file = await sharp({ create: { width: 8, height: 8, channels: 3, background: "#369" } })
    .png()
    .toBuffer();
  vi.stubGlobal("ImageBitmap", class {});
  vi.stubGlobal("fetch", async (src: string) => {
    const { pathname } = new URL(src);
    const request = { path: pathname, isRead: false };
    served.push(request);
    const body = new ReadableStream(
      {
        pull(controller) {
          request.isRead = true;
          controller.enqueue(new Uint8Array(file));
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const headers: Record<string, string> = pathname.startsWith("/plain") ? {} : { etag: '"1"' };
    return new Response(body, { headers });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function finder() {
  const worker: WorkerClient<PictureInput> = {
    detect: (inputs, signal) =>
      new Promise((resolve, reject) => {
        asked.push(...inputs);
        signal.addEventListener("abort", () => reject(signal.reason));
        const answer = () =>
          resolve(inputs.map(({ isLocated }) => (isLocated ? { signals: [], regions: [] } : finding)));
        if (isAnswering) answer();
        else answers.push(answer);
      }),
    state: () => ({ isAwake: true, failures: new Map() }),
    renew() {},
  };
  const memory = new FindingMemory(cache, 10);
  void memory.configure("pipeline", true);
  return new PictureFinder(worker, memory, async () => async () => {});
}
function visitor(name = "open site.example", mayPersist = true): Visitor & { leave(): void } {
  const controller = new AbortController();
  return {
    site: "site.example",
    page: "https://site.example/",
    isPrivate: !mayPersist,
    gone: controller.signal,
    room: { name, mayPersist },
    answer() {},
    isNews: () => false,
    isNewDraft: () => false,
    leave: () => controller.abort(),
  };
}
const at = (path: string, id = path) =>
  ({ kind: "image", id, context: "page", src: `https://pictures.example${path}` }) as const;

test("the same address in two frames, and the same bytes under two addresses, are looked at once", async () => {
  const judge = finder();
  const all = [at("/a", "1"), at("/a", "2"), at("/b"), { ...at("/c"), bytes: new Uint8Array(file) }];
  const found = await Promise.all(all.map((sighting, i) => judge.find(sighting, i % 2 ? visitor() : visitor(), never)));
  expect(found.map(({ finding: { signals } }) => signals)).toEqual(all.map(() => finding.signals));
  expect([asked.length, served.map(({ path }) => path).toSorted()]).toEqual([1, ["/a", "/b"]]);
});

test("an address that is known by its validators is not read again, in this session nor in the next", async () => {
  await finder().find(at("/a"), visitor(), never);
  const next = finder();
  expect((await next.find(at("/a"), visitor(), never)).finding.recalled).toBe("disk");
  expect((await next.find(at("/a"), visitor(), never)).finding.recalled).toBe("memory");
  await settle();
  expect([asked.length, served.map(({ isRead }) => isRead)]).toEqual([1, [true, false, false]]);
});

test("without validators the file is read, and known by its bytes", async () => {
  const judge = finder();
  await judge.find(at("/plain"), visitor(), never);
  expect((await judge.find(at("/plain"), visitor(), never)).finding.recalled).toBe("memory");
  expect([asked.length, served.every(({ isRead }) => isRead)]).toEqual([1, true]);
});

test("another site, and a private window, know nothing of it; the private one writes nothing", async () => {
  const judge = finder();
  await judge.find(at("/a"), visitor(), never);
  const before = rows.size;
  await judge.find(at("/a"), visitor("open other.example"), never);
  const after = rows.size;
  await judge.find(at("/a"), visitor("private site.example", false), never);
  expect([asked.length, after > before, rows.size]).toEqual([3, true, after]);
});

test("in a private window nothing is asked for a second time where the user forbids it; what the page has is judged", async () => {
  const judge = finder();
  judge.configure({ rereadsInPrivate: false });
  const inPrivate = () => visitor("private site.example", false);
  await expect(judge.find(at("/a"), inPrivate(), never)).rejects.toThrow("second time");
  await judge.find({ ...at("/c"), bytes: new Uint8Array(file) }, inPrivate(), never);
  expect([served.length, asked.length, judge.reread]).toEqual([0, 1, 0]);
  await judge.find(at("/d"), visitor(), never);
  expect([served.length, judge.reread]).toEqual([1, 1]);
});

test("what is in the viewport overtakes what waits, and so does what the user scrolls to", async () => {
  isAnswering = false;
  const judge = finder();
  const page = visitor();
  const bytes = (n: number) => new Uint8Array([...file, n]);
  const ask = (n: number, urgency: 0 | 1 | 2) =>
    void judge.find({ ...at(`/${n}`), bytes: bytes(n), urgency }, page, never).catch(() => {});
  for (const n of [1, 2, 3, 4, 5]) {
    ask(n, n === 4 ? 0 : 2);
    await settle();
  }
  judge.hasten(page, "/5", 1);
  judge.withdraw(page, "/3");
  while (answers.length > 0) {
    answers.shift()?.();
    await settle();
  }
  expect(asked.map(({ id }) => id)).toEqual(["/1", "/2", "/4", "/5"]);
});

test("a page that leaves takes its jobs along, but not those that others wait for", async () => {
  isAnswering = false;
  const judge = finder();
  const [leaving, staying] = [visitor(), visitor()];
  const found = [judge.find(at("/a", "1"), leaving, never), judge.find(at("/a", "2"), staying, never)];
  await vi.waitFor(() => expect(answers).toHaveLength(1));
  leaving.leave();
  await expect(found[0]).rejects.toMatchObject({ name: "AbortError" });
  answers.shift()?.();
  expect((await found[1])?.finding.signals).toEqual(finding.signals);
});

test("regions are looked for where they are wanted, also of a picture that was known without", async () => {
  const judge = finder();
  await judge.find(at("/a"), visitor(), never);
  const { finding: located } = await judge.find(at("/a"), visitor(), () => true);
  expect([located.regions, asked.map(({ isLocated }) => isLocated)]).toEqual([[], [undefined, undefined, true]]);
  expect((await judge.find(at("/a"), visitor(), () => true)).finding.recalled).toBe("memory");
});

test("what the user disputes is remembered as disputed, under every name", async () => {
  const judge = finder();
  const page = visitor();
  judge.dispute(await judge.find(at("/a"), page, never), page);
  expect((await judge.find(at("/a"), page, never)).finding.isDisputed).toBe(true);
  expect((await judge.find({ ...at("/z"), bytes: new Uint8Array(file) }, page, never)).finding.isDisputed).toBe(true);
  await judge.forget();
  expect((await judge.find(at("/a"), page, never)).finding.isDisputed).toBeUndefined();
});

test("pixels that the browser kept back fail with that reason", async () => {
  const pixels = { width: 0, height: 0, data: new Uint8ClampedArray() };
  await expect(finder().find({ ...at("/v"), pixels }, visitor(), never)).rejects.toMatchObject({ code: "security" });
});
