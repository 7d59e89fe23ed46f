import "fake-indexeddb/auto";
import { expect, test } from "vitest";
import { openPackFiles } from "../../src/storage/packs.ts";

const [A, B] = ["a".repeat(64), "b".repeat(64)] as const;

test("files come back byte for byte, and only those that are kept", async () => {
  const files = openPackFiles();
  const bytes = new Uint8Array([1, 2, 3]);
  expect(await files.read(A)).toBeUndefined();
  await files.put(A, new Blob([bytes]));
  await files.put(B, new Blob(["other"]));
  expect(await openPackFiles().read(A)).toEqual(bytes);
  await files.keepOnly([B]);
  expect(await files.read(A)).toBeUndefined();
  expect(await files.read(B)).toHaveLength(5);
  await files.keepOnly([]);
  expect(await files.read(B)).toBeUndefined();
});
