import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../scripts/setup.mjs";
import type { Bench, Row } from "./bench.ts";

const KIB = 1024;

export const bench: Bench = {
  name: "sizes",
  title: "Sizes",
  builds: ["chromium", "firefox"],
  measure: async () => (["chromium", "firefox"] as const).flatMap(rowsOf),
};

function rowsOf(kind: string): Row[] {
  const folder = join(ROOT, "dist", kind);
  // Chromium writes its own index of the rules beside an unpacked extension.
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => !name.startsWith("_metadata"),
  );
  const files = names.map((name) => ({ name, file: statSync(join(folder, name)) }));
  const total = files.reduce((sum, { file }) => sum + (file.isFile() ? file.size : 0), 0);
  const scripts = ["main", "texts", "addresses", "forms"] as const;
  const sizes = scripts.map((name) => statSync(join(folder, `src/extension/content/${name}.iife.js`)).size);
  return [
    {
      what: `Extension for ${kind}, unpacked`,
      value: total,
      unit: "bytes",
      target: { atMost: 74 * KIB * KIB },
      detail: `${files.filter(({ file }) => file.isFile()).length} files`,
    },
    {
      what: `Content script for pictures, ${kind}`,
      value: sizes[0] ?? Number.NaN,
      unit: "bytes",
      target: { atMost: 64 * KIB },
      detail: `runs in every frame; with those for text, addresses and forms ${(sizes.reduce((a, b) => a + b, 0) / 1e3).toFixed(1)} kB`,
    },
  ];
}
