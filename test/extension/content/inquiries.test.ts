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
  const messages: number[] = [];
  const withdrawn: string[] = [];
  const wishes: { id: string; urgency: number }[] = [];
  const inquiries = new Inquiries({
    submit: (sightings) => {
      sent.push(...sightings);
      messages.push(sightings.length);
    },
    withdraw: (ids) => withdrawn.push(...ids),
    hasten: (wanted) => wishes.push(...wanted),
  });
  return { inquiries, sent, messages, withdrawn, wishes };
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

  test("where an element is that was expected is known when it asks; one that was overlooked is watched anew", async () => {
    const { inquiries, sent } = desk();
    const [a, b] = [surface(), surface()];
    for (const { element } of [a, b]) {
      inquiries.expect(element);
      place(element, true);
    }
    inquiries.overlook(b.element);
    ask(inquiries, a, "x");
    ask(inquiries, b, "y");
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toMatchObject([{ src: "x", urgency: 0 }]);
    place(b.element, true);
    await vi.advanceTimersByTimeAsync(1);
    expect(sent).toMatchObject([{ src: "x" }, { src: "y", urgency: 0 }]);
  });

  test("while eight are with the judge others are gathered, until it has fewer or a moment has passed", async () => {
    const { inquiries, messages, sent } = desk();
    const askAbout = async (addresses: readonly string[]) => {
      for (const address of addresses) {
        const asking = surface();
        inquiries.expect(asking.element);
        place(asking.element, true);
        ask(inquiries, asking, address);
        await vi.advanceTimersByTimeAsync(1);
      }
    };
    await askAbout([..."abcdefgh"]);
    expect(messages).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
    await askAbout([..."ijk"]);
    expect(messages.length).toBe(8);
    inquiries.conclude(sent[0]?.id ?? "", SHOWN);
    expect(messages.slice(8)).toEqual([3]);
    await askAbout([..."lm"]);
    expect(messages.length).toBe(9);
    await vi.advanceTimersByTimeAsync(200);
    expect(messages.slice(9)).toEqual([2]);
    expect(sent.map(({ id }) => id)).toEqual(Array.from({ length: 13 }, (_, i) => `i${i + 1}`));
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
    ["too small", { width: 9, height: 9 }, [{ ...SHOWN, tile: { width: 9, height: 9 } }]],
    ["broken", "broken", []],
  ] as const)("what is %s needs no judge", async (_, seen, fates) => {
    const { inquiries, sent } = desk();
    const a = surface();
    ask(inquiries, a, "x", async () => seen);
    await vi.advanceTimersByTimeAsync(200);
    expect([sent, a.fates, inquiries.waiting]).toEqual([[], fates, 0]);
  });
});
