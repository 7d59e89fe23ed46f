import { beforeAll, expect, test, vi } from "vitest";

// The module asks what browser it is in as soon as it is loaded.
vi.stubGlobal("Element", class {});
vi.stubGlobal("Node", { ELEMENT_NODE: 1 });
const { addedIn } = await import("../../../src/extension/content/elements.ts");

interface Fake {
  readonly name: string;
  readonly nodeType: number;
  readonly parentNode: Fake | null;
}
const node = (name: string, parentNode: Fake | null, nodeType = 1): Fake => ({ name, nodeType, parentNode });
const record = (type: string, ...addedNodes: Fake[]) => ({ type, addedNodes }) as unknown as MutationRecord;
const namesOf = (...records: MutationRecord[]) => addedIn(records).map((found) => (found as unknown as Fake).name);

let body: Fake;
beforeAll(() => {
  body = node("body", null);
});

test("of a page that is parsed the outermost alone is named, once", () => {
  const list = node("ul", body);
  const item = node("li", list);
  const link = node("a", item);
  expect(namesOf(record("childList", list), record("childList", item), record("childList", link, list))).toEqual([
    "ul",
  ]);
});

test("what is added to something that was there before is named itself, and text is not", () => {
  const [first, second] = [node("p", body), node("img", body)];
  expect(namesOf(record("childList", first, node("#text", body, 3)), record("childList", second))).toEqual([
    "p",
    "img",
  ]);
});

test("what has left its place again is named by itself", () => {
  const list = node("ul", body);
  expect(namesOf(record("childList", list), record("childList", node("li", null)))).toEqual(["ul", "li"]);
});

test("records of attributes name nothing", () => {
  expect(namesOf(record("attributes", node("p", body)))).toEqual([]);
});
