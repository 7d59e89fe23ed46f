import fc from "fast-check";
import { expect, test, vi } from "vitest";
import type { PageAction } from "../../../src/extension/messages.ts";

vi.mock("webextension-polyfill", () => ({ default: { i18n: { getMessage: (key: string) => key } } }));
const { fateOf } = await import("../../../src/extension/content/veil.ts");
const { around, maskOf } = await import("../../../src/extension/content/hole.ts");
const { backgroundOf } = await import("../../../src/extension/content/mosaic.ts");
const { placeOf } = await import("../../../src/extension/content/reason-card.ts");
const { isDrawn } = await import("../../../src/extension/content/canvas.ts");

const action = (rest: Partial<PageAction>): PageAction => ({
  id: "i1",
  subject: "image",
  label: "",
  kind: "blur",
  category: "sexual",
  reason: "judged",
  score: 0.9,
  mayReveal: true,
  spans: [],
  ...rest,
});
const REGIONS = [{ x: 0.25, y: 0, width: 0.25, height: 0.5 }];

test.each([
  [{ kind: "allow", cover: "card" }, "shown"],
  [{ kind: "blur" }, "blur"],
  [{ kind: "blur", cover: "card" }, "hide"],
  [{ kind: "blur", cover: "pixelate" }, "pixelate"],
  [{ kind: "blur", cover: "remove" }, "remove"],
  [{ kind: "hide", cover: "blur" }, "hide"],
  [{ kind: "hide", cover: "pixelate" }, "hide"],
  [{ kind: "block", cover: "remove" }, "remove"],
  [{ kind: "blur", cover: "pixelate", regions: REGIONS }, "part"],
  [{ kind: "hide", cover: "blur", regions: REGIONS }, "hide"],
  [{ kind: "blur", cover: "blur", regions: [] }, "blur"],
] as [Partial<PageAction>, string][])("%j looks like %s", (rest, look) => {
  expect(fateOf(action(rest)).look).toBe(look);
});

test("several regions have one hole around them", () => {
  const other = { x: 0.5, y: 0.25, width: 0.25, height: 0.75 };
  expect(around([...REGIONS, other])).toEqual({ x: 0.25, y: 0, width: 0.5, height: 1 });
});

test("a mask's percentages put the hole where its region is", () => {
  const fraction = fc.double({ min: 0, max: 0.9, noNaN: true });
  fc.assert(
    fc.property(fraction, fraction, (x, part) => {
      const width = Math.max(0.01, part * (1 - x));
      const { size, place } = maskOf({ x, y: 0, width, height: 1 });
      const [w, at] = [Number.parseFloat(size) / 100, Number.parseFloat(place) / 100];
      expect(at * (1 - w)).toBeCloseTo(x, 2);
    }),
  );
});

test("a mosaic has a gradient a row and needs no address", () => {
  const data = new Uint8ClampedArray([255, 0, 0, 255, 0, 0, 255, 255, 9, 9, 9, 255, 0, 0, 0, 255]);
  const background = backgroundOf({ width: 2, height: 2, data });
  expect(background).toContain("linear-gradient(90deg, rgb(255 0 0) 0% 50%, rgb(0 0 255) 50% 100%) 0 0% /");
  expect(background.match(/linear-gradient/g)).toHaveLength(2);
  expect(background).not.toContain("url");
});

test("a card lies within the viewport, and inside of what it explains where there is room", () => {
  const side = fc.integer({ min: -500, max: 2_000 });
  const length = fc.integer({ min: 1, max: 3_000 });
  const [card, viewport] = [
    { width: 300, height: 120 },
    { width: 1_280, height: 720 },
  ];
  fc.assert(
    fc.property(side, side, length, length, (left, top, width, height) => {
      const place = placeOf({ left, top, width, height }, card, viewport);
      expect(place.left).toBeGreaterThanOrEqual(0);
      expect(place.top).toBeGreaterThanOrEqual(0);
      expect(place.left + card.width).toBeLessThanOrEqual(viewport.width);
      expect(place.top + card.height).toBeLessThanOrEqual(viewport.height);
    }),
  );
  expect(placeOf({ left: 100, top: 50, width: 600, height: 400 }, card, viewport)).toEqual({ left: 108, top: 58 });
  expect(placeOf({ left: 100, top: 50, width: 90, height: 90 }, card, viewport)).toEqual({ left: 100, top: 148 });
  expect(placeOf({ left: 100, top: 600, width: 90, height: 90 }, card, viewport)).toEqual({ left: 100, top: 472 });
});

test("charts and text are told from photographs by their areas of one colour", () => {
  const side = 32;
  const pixels = (colour: (i: number) => number) => {
    const data = new Uint8ClampedArray(4 * side * side).map((_, i) => (i % 4 === 3 ? 255 : colour(i >> 2)));
    return { width: side, height: side, data };
  };
  expect(isDrawn(pixels((i) => (i % side < 4 ? 0 : 255)))).toBe(true);
  expect(isDrawn(pixels((i) => (i * 7_919) % 251))).toBe(false);
});
