import { expect, test, vi } from "vitest";
import { addressesIn } from "../../../src/extension/content/paint.ts";

vi.stubGlobal("location", { href: "https://example.org/page#part" });

test.each([
  ["none", []],
  ["linear-gradient(rgb(255, 0, 0), rgb(0, 0, 255))", []],
  ['url("https://example.org/a.png")', ["https://example.org/a.png"]],
  ['linear-gradient(red, blue), url("data:image/png;base64,AA==")', ["data:image/png;base64,AA=="]],
  [
    'image-set(url("https://a.org/1.png") 1dppx, url("https://a.org/2.png") 2dppx)',
    ["https://a.org/1.png", "https://a.org/2.png"],
  ],
  ['url("https://example.org/with\\"quote(1).png")', ['https://example.org/with"quote(1).png']],
  ['url("https://example.org/page#mask")', []],
  ['url("#mask")', []],
  ['url("https://example.org/sprite.svg#icon")', ["https://example.org/sprite.svg#icon"]],
])("%s", (value, addresses) => {
  expect(addressesIn(value)).toEqual(addresses);
});
