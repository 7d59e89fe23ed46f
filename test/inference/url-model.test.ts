import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import catalogJson from "../../models/catalog.json" with { type: "json" };
import { parseCatalog, rowsOf } from "../../src/core/catalog.ts";
import { urlModelsOf } from "../../src/inference/detectors.ts";

const catalog = parseCatalog(catalogJson);
const read = async (path: string) => new Uint8Array(await readFile(new URL(`../../models/${path}`, import.meta.url)));
const subject = { kind: "url", id: "1", context: "page", url: "https://example.org/" } as const;
const { signal } = new AbortController();

test("the catalogued model of addresses is opened with its first subject and names itself", async () => {
  const [detector] = urlModelsOf(catalog, read);
  const [signals] = (await detector?.detect([subject], signal)) ?? [];
  expect(detector?.id).toBe("url/phishing");
  expect(signals).toMatchObject([{ category: "phishing", model: "url-phishing@1.0.0" }]);
});

test("a model whose bytes are not the catalogued ones is refused by name", async () => {
  const altered = async (path: string) => (await read(path)).map((byte, i) => (i === 100 ? byte ^ 1 : byte));
  const [detector] = urlModelsOf(catalog, altered);
  await expect(detector?.detect([subject], signal)).rejects.toMatchObject({ code: "security" });
  expect(rowsOf(catalog, "url-forest")).toHaveLength(1);
});
