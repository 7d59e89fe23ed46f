import { beforeEach, expect, test, vi } from "vitest";

vi.mock("webextension-polyfill", () => ({ default: {} }));
vi.stubGlobal("Element", class {});
vi.stubGlobal("location", { origin: "https://a.example", href: "https://a.example/" });
const read = vi.fn(() => ({ content: "none", display: "block", listStyleImage: "none" }));
vi.stubGlobal("getComputedStyle", read);
const { CssPictures } = await import("../../../src/extension/content/css-pictures.ts");
const { PAINT, UNREAD } = await import("../../../src/extension/content/veil.ts");

/** As much of an element as is asked for here. */
function element(attributes = new Map<string, string>()) {
  return {
    localName: "div",
    namespaceURI: "http://www.w3.org/1999/xhtml",
    getAttribute: (name: string) => attributes.get(name) ?? null,
    hasAttribute: (name: string) => attributes.has(name),
    setAttribute: (name: string, value: string) => void attributes.set(name, value),
    removeAttribute: (name: string) => void attributes.delete(name),
    getAnimations: () => [],
  } as unknown as Element;
}

const pictures = new CssPictures({} as never, {} as never);
beforeEach(() => read.mockClear());

test("what is withheld is marked as unread until it is released", () => {
  const one = element();
  pictures.withhold(one);
  pictures.restore(one);
  expect(one.getAttribute(PAINT)).toBe(UNREAD);
  expect(read).not.toHaveBeenCalled();
  pictures.release(one);
  expect(one.hasAttribute(PAINT)).toBe(false);
});

test.each<[string, (one: Element) => void]>([
  ["takes that mark away", (one) => one.removeAttribute(PAINT)],
  ["says that it was shown", (one) => one.setAttribute(PAINT, "shown")],
])("where a page %s, the element is read at once", (_, act) => {
  const one = element();
  pictures.withhold(one);
  act(one);
  pictures.restore(one);
  expect(read).toHaveBeenCalled();
  expect(one.hasAttribute(PAINT)).toBe(false);
});

test("a page cannot say itself that nobody has read an element", () => {
  const one = element();
  one.setAttribute(PAINT, UNREAD);
  pictures.restore(one);
  expect(one.hasAttribute(PAINT)).toBe(false);
});
