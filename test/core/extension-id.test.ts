import { expect, test } from "vitest";
import { isExtensionId } from "../../src/core/extension-id.ts";

test.each([
  ["abcdefghijklmnopabcdefghijklmnop", true],
  ["{5f0c7a52-3c1e-4d0a-9a53-0f3d1b6e8a11}", true],
  ["asker@wardlight.example", true],
  ["@asker", true],
  ["abcdefghijklmnopabcdefghijklmno", false],
  ["abcdefghijklmnopabcdefghijklmnoq", false],
  ["{5f0c7a52}", false],
  ["https://page.example", false],
  ["as ker@page.example", false],
  [`${"a".repeat(80)}@b`, false],
  ["", false],
  [undefined, false],
])("%s: %s", (id, is) => {
  expect(isExtensionId(id)).toBe(is);
});
