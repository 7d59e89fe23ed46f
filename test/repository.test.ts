import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import manifest from "../manifest.json" with { type: "json" };
import catalogJson from "../models/catalog.json" with { type: "json" };
import packageJson from "../package.json" with { type: "json" };
import en from "../public/_locales/en/messages.json" with { type: "json" };
import { parseCatalog, rowsOf } from "../src/core/catalog.ts";
import { heuristicDetector, skinDetector } from "../src/core/image/appearance.ts";
import { PAGE_INJECTION_ID } from "../src/core/page/injection.ts";
import { patternDetector } from "../src/core/text/patterns.ts";
import { piiDetector } from "../src/core/text/pii.ts";
import { secretDetector } from "../src/core/text/secrets.ts";
import { blocklistDetector, parseHosts } from "../src/core/url/blocklist.ts";
import { urlDetectors } from "../src/core/url/detectors.ts";

const ROOT = new URL("../", import.meta.url).pathname;
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const sha256 = (path: string) =>
  createHash("sha256")
    .update(readFileSync(join(ROOT, path)))
    .digest("hex");
const filesIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length));
const catalog = parseCatalog(catalogJson);
const readme = read("README.md");

describe("models and lists", () => {
  test.each(catalog.models)(
    "$id has its files as catalogued, a card, a licence, golden vectors and a README row",
    (row) => {
      for (const file of row.files) {
        expect(statSync(join(ROOT, "models", file.path)).size).toBe(file.bytes);
        expect(sha256(`models/${file.path}`)).toBe(file.sha256);
      }
      // What others made comes with their licence; what was fitted here has the repository's own.
      const licence = row.kind === "image" ? ["LICENSE"] : [];
      for (const name of ["MODEL_CARD.md", "reference.json", ...licence]) {
        expect(existsSync(join(ROOT, "models", row.id, name)), `${row.id}/${name}`).toBe(true);
      }
      expect(readme).toContain(`models/${row.id}/MODEL_CARD.md`);
      expect(read("NOTICE")).toContain(`models/${row.id}`);
    },
  );

  test("the graphics card's self-check is as catalogued, and tiny", () => {
    expect(sha256(`models/${catalog.selfCheck.path}`)).toBe(catalog.selfCheck.sha256);
    expect(catalog.selfCheck.bytes).toBeLessThanOrEqual(16 * 1024);
  });

  test.each(catalog.lists)("the list $id is the catalogued one, sorted, and names its sources", (row) => {
    expect(sha256(`public/${row.path}`)).toBe(row.sha256);
    const hosts = parseHosts(read(`public/${row.path}`));
    expect(hosts).toHaveLength(row.count);
    expect(hosts).toEqual([...new Set(hosts)].sort());
    expect(hosts.filter((host) => !/^[a-z0-9._-]+\.[a-z0-9-]+$/.test(host))).toEqual([]);
    for (const { repository, license } of row.sources) {
      expect(read("NOTICE")).toContain(repository);
      expect(read("public/lists/CARD.md")).toContain(`| ${repository} | ${license} |`);
    }
  });

  test("the pack is the catalogued one, and its card names it", () => {
    expect(sha256(`public/${catalog.pack.path}`)).toBe(catalog.pack.sha256);
    expect(statSync(join(ROOT, "public", catalog.pack.path)).size).toBe(catalog.pack.bytes);
    expect(read("public/lists/CARD.md")).toContain(catalog.pack.sha256);
  });

  test("every detector has its row in the README", () => {
    const networks = rowsOf(catalog, "image").map(({ id }) => ({ id: `image/${id}` }));
    const pictures = [...networks, skinDetector(), heuristicDetector()];
    const urls = [...urlDetectors(), { id: "url/phishing" }, { id: "url/page" }];
    for (const { id } of [
      ...pictures,
      { id: "text/linear" },
      { id: "text/heads" },
      { id: PAGE_INJECTION_ID },
      patternDetector(),
      piiDetector(),
      secretDetector(),
      blocklistDetector([]),
      ...urls,
    ])
      expect(readme).toContain(`\`${id}\``);
  });
});

describe("the manifest", () => {
  test("asks for these permissions and no other", () => {
    expect(manifest.permissions).toEqual([
      "alarms",
      "declarativeNetRequest",
      "idle",
      "offscreen",
      "scripting",
      "storage",
      "unlimitedStorage",
      "webNavigation",
    ]);
    expect(manifest.host_permissions).toEqual(["<all_urls>"]);
    expect("optional_permissions" in manifest || "web_accessible_resources" in manifest).toBe(false);
    // With it web pages could knock; without it other extensions alone can.
    expect("externally_connectable" in manifest).toBe(false);
    for (const permission of manifest.permissions) expect(read("ARCHITECTURE.md")).toContain(`\`${permission}\``);
  });

  test("carries the version of the package, and Node's version is the one in the README", () => {
    expect(manifest.version).toBe(packageJson.version);
    expect(readme).toContain(packageJson.engines.node.replace(">=", ""));
  });
});

describe("the source", () => {
  const sources = filesIn("src").filter((path) => /\.tsx?$/.test(path));
  const lines = (path: string) => read(path).split("\n").length;

  test("no file is longer than 400 lines, and half of them are at most 100", () => {
    const lengths = sources.map(lines).sort((a, b) => a - b);
    expect(lengths.at(-1)).toBeLessThanOrEqual(400);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(100);
  });

  test("core has no clock and no randomness of its own, and only browser.ts speaks to chrome", () => {
    const impure = sources.filter(
      (path) => path.startsWith("src/core/") && /Date\.now|new Date\(\)|Math\.random/.test(read(path)),
    );
    const outside = sources.filter(
      (path) => path !== "src/extension/browser.ts" && /(?<![\w.])chrome\.\w+\(/.test(read(path)),
    );
    expect([impure, outside]).toEqual([[], []]);
  });

  test("nothing is left undone, switched off or untyped", () => {
    const marks = /TODO|FIXME|XXX|@ts-ignore|@ts-nocheck|biome-ignore|\bas any\b|: any\b|\.(only|skip|todo)\(/;
    const here = ["src", "scripts", "test"].flatMap(filesIn).filter((path) => /\.(tsx?|mjs)$/.test(path));
    expect(here.filter((path) => path !== "test/repository.test.ts" && marks.test(read(path)))).toEqual([]);
  });
});

describe("the words", () => {
  type Messages = Readonly<Record<string, { readonly message: string }>>;
  const english: Messages = en;
  const languages = readdirSync(join(ROOT, "public/_locales")).sort();
  const messagesOf = (language: string): Messages => JSON.parse(read(`public/_locales/${language}/messages.json`));
  const holes = (text: string) => [...text.matchAll(/\$\d/g)].map(String).sort();

  test("are there in these languages, and the README and the manifest know them", () => {
    expect(languages).toEqual(["de", "en", "es", "fr", "it"]);
    expect(languages).toContain(manifest.default_locale);
    expect(readme).toContain("English, German, Spanish, French and Italian");
  });

  test.each(languages)("%s says every sentence, with the same places to fill, and fits a store", (language) => {
    const messages = messagesOf(language);
    expect(Object.keys(messages)).toEqual(Object.keys(english));
    for (const [key, { message }] of Object.entries(messages)) {
      expect(message.trim(), key).not.toBe("");
      expect(holes(message), key).toEqual(holes(english[key]?.message ?? ""));
    }
    expect(messages.language?.message).toBe(language);
    // The Chrome Web Store's limit.
    expect(messages.description?.message.length).toBeLessThanOrEqual(132);
  });

  test.each([
    [
      "fr",
      "no ordinary space before a high mark, none missing, no straight apostrophe",
      /[ «][;:!?»]|[\p{L}\d][;!?»]|« |'/u,
    ],
    ["es", "a question or an exclamation begins as it ends", /^[^¿]*\?|^[^¡]*!|'/u],
    ["it", "no straight apostrophe", /'/],
  ])("%s: %s", (language, _, wrong) => {
    const odd = Object.entries(messagesOf(language)).filter(([, { message }]) => wrong.test(message));
    expect(odd).toEqual([]);
  });
});

test.each(["", "test/bench/peers/"])(
  "the lock file of ./%s names packages, not the servers they came from",
  (folder) => {
    expect(read(`${folder}package-lock.json`)).not.toContain('"resolved"');
  },
);

describe.each(["chromium", "firefox"])("the build for %s", (kind) => {
  const folder = `dist/${kind}`;
  const KIB = 1024;

  test("is within its bytes", () => {
    const size = (path: string) => statSync(join(ROOT, folder, path)).size;
    expect(size("src/extension/content/main.iife.js")).toBeLessThanOrEqual(64 * KIB);
    expect(size("src/extension/content/texts.iife.js")).toBeLessThanOrEqual(40 * KIB);
    expect(size("src/extension/content/addresses.iife.js")).toBeLessThanOrEqual(24 * KIB);
    expect(size("src/extension/content/forms.iife.js")).toBeLessThanOrEqual(24 * KIB);
    // Chromium writes its own index of the rules beside an unpacked extension.
    const shipped = filesIn(folder).filter((path) => !path.includes("/_metadata/"));
    const total = shipped.reduce((sum, path) => sum + statSync(join(ROOT, path)).size, 0);
    // 29.6 MiB of it are the two builds of ONNX Runtime: 13.6 for WebAssembly, 16.0 for the graphics card.
    // 2.7 are the lists: as text, as hashes, as static rules; 1.6 the judges of text and their language identification.
    // .4 are the words of five languages. 22.2 the text encoder.
    expect(total).toBeLessThanOrEqual(74 * KIB * KIB);
  });

  test("offers nothing to web pages and reaches no address", () => {
    const built = JSON.parse(read(`${folder}/manifest.json`));
    expect(built.web_accessible_resources ?? []).toEqual([]);
    const code = filesIn(folder).filter((path) => /\.(m?js|html|css)$/.test(path));
    const addresses = code.flatMap((path) => read(path).match(/(?:https?|wss?):\/\/[a-z0-9.-]+/gi) ?? []);
    expect([...new Set(addresses)].filter((address) => !KNOWN_ADDRESSES.includes(address))).toEqual([]);
  });
});

/** Words in error messages, XML names, a licence, and what the URL parser is fed with; none of them is ever fetched. */
const KNOWN_ADDRESSES: readonly string[] = [
  "http://a",
  "http://www.w3.org",
  "https://rolldown.rs",
  "https://web.dev",
  "https://www.apache.org",
];
