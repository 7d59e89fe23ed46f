import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Inquiries } from "../../../src/extension/content/inquiries.ts";
import type { Surface } from "../../../src/extension/content/surface.ts";
import { type Fate, SHOWN } from "../../../src/extension/content/veil.ts";
import type { Sighting } from "../../../src/extension/messages.ts";

// The messages' own module speaks to the browser; nothing here does.
vi.mock("webextension-polyfill", () => ({ default: {} }));

type Entry = { target: object; isIntersecting: boolean };
const observers: { margin: string | undefined; tell: (entries: Entry[]) => void }[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  observers.length = 0;
  vi.stubGlobal("requestIdleCallback", (work: () => void) => setTimeout(work, 50));
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      observe() {}
      unobserve() {}
      constructor(tell: (entries: Entry[]) => void, { rootMargin }: { rootMargin?: string }) {
        observers.push({ margin: rootMargin, tell });
      }
    },
  );
});
afterEach(() => vi.useRealTimers());

function desk() {
  const sent: Sighting[] = [];
  const withdrawn: string[] = [];
  const wishes: { id: string; urgency: number }[] = [];
  const inquiries = new Inquiries({
    submit: (sightings) => sent.push(...sightings),
    withdraw: (ids) => withdrawn.push(...ids),
    hasten: (wanted) => wishes.push(...wanted),
  });
  return { inquiries, sent, withdrawn, wishes };
}

const sight = async (id: string, src: string) => ({ kind: "image", id, context: "page", src }) as const;
function surface() {
  const fates: Fate[] = [];
  const element = { isConnected: true };
  return {
    element: element as unknown as Element & typeof element,
    fates,
    onFate: (_: string, fate: Fate) => fates.push(fate),
  };
}
const ask = (inquiries: Inquiries, asking: Surface, address: string, how: Parameters<Inquiries["ask"]>[2] = sight) =>
  inquiries.ask(asking, address, how);

/** What the browser says of an element; a tab behind is told nothing. */
function place(element: object, isVisible: boolean, isNear = isVisible) {
  for (const { margin, tell } of observers)
    tell([{ target: element, isIntersecting: margin === "0px" ? isVisible : isNear }]);
}

describe("inquiries", () => {
  test("an address is asked about once, as soon as its place is known, and everyone learns its fate", async () => {
    const { inquiries, sent } = desk();
    const [a, b] = [surface(), surface()];
    ask(inquiries, a, "x");
    ask(inquiries, b, "x");
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toEqual([]);
    place(a.element, false, true);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toMatchObject([{ src: "x", urgency: 1 }]);
    inquiries.conclude(sent[0]?.id ?? "", SHOWN);
    expect([a.fates, b.fates, inquiries.fateOf("x")]).toEqual([[SHOWN], [SHOWN], SHOWN]);
  });

  test("a tab behind is not told of places: what it shows is asked about as what is far", async () => {
    const { inquiries, sent } = desk();
    ask(inquiries, surface(), "x");
    await vi.advanceTimersByTimeAsync(100);
    expect(sent).toEqual([]);
    await vi.advanceTimersByTimeAsync(50);
    expect(sent).toMatchObject([{ urgency: 2 }]);
  });

  test("scrolling hastens, and the nearest surface counts", async () => {
    const { inquiries, sent, wishes } = desk();
    const [a, b] = [surface(), surface()];
    ask(inquiries, a, "x");
    ask(inquiries, b, "x");
    await vi.advanceTimersByTimeAsync(150);
    place(b.element, true);
    place(a.element, false);
    expect(wishes.at(-1)).toEqual({ id: sent[0]?.id, urgency: 0 });
    place(b.element, false);
    expect(wishes.at(-1)).toEqual({ id: sent[0]?.id, urgency: 2 });
  });

  test("what leaves the page is withdrawn, unless another waits for it too", async () => {
    const { inquiries, withdrawn } = desk();
    const [a, b] = [surface(), surface()];
    ask(inquiries, a, "x");
    ask(inquiries, b, "x");
    await vi.advanceTimersByTimeAsync(150);
    a.element.isConnected = false;
    inquiries.leaveGone();
    expect(withdrawn).toEqual([]);
    b.element.isConnected = false;
    inquiries.leaveGone();
    expect([withdrawn.length, inquiries.waiting]).toEqual([1, 0]);
  });

  test.each([
    ["tiny", [SHOWN]],
    ["broken", []],
  ] as const)("what is %s needs no judge", async (word, fates) => {
    const { inquiries, sent } = desk();
    const a = surface();
    ask(inquiries, a, "x", async () => word);
    await vi.advanceTimersByTimeAsync(200);
    expect([sent, a.fates, inquiries.waiting]).toEqual([[], fates, 0]);
  });
});
