import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { crx, type ManifestV3Export } from "@crxjs/vite-plugin";
import preact from "@preact/preset-vite";
import { build, defineConfig, type Plugin } from "vite";
import manifest from "./manifest.json" with { type: "json" };
import catalog from "./models/catalog.json" with { type: "json" };
import { blockRule } from "./src/core/url/block-rule.ts";
import { parseHosts } from "./src/core/url/blocklist.ts";
import { VERIFIER_WORDS } from "./src/verifier/words.ts";

type Target = "chromium" | "firefox";

/**
 * Firefox has no offscreen document (its event page has a DOM), reads managed values without a schema, and names the
 * add-on and its data practice itself.
 */
function manifestFor(target: Target): ManifestV3Export {
  if (target === "chromium") return manifest as ManifestV3Export;
  const { minimum_chrome_version, incognito, message_serialization, storage, ...shared } = manifest;
  return {
    ...shared,
    permissions: manifest.permissions.filter((permission) => permission !== "offscreen"),
    background: { scripts: ["src/extension/background/firefox.ts"], type: "module" },
    content_scripts: manifest.content_scripts.map((script) =>
      "css" in script ? { ...script, css_origin: "user" } : script,
    ),
    browser_specific_settings: {
      gecko: {
        id: "wardlight@wardlight.example",
        strict_min_version: "140.0",
        data_collection_permissions: { required: ["none"] },
      },
      gecko_android: { strict_min_version: "142.0" },
    },
  } as unknown as ManifestV3Export;
}

/** The plain build serves WebAssembly, the other the graphics card: see ARCHITECTURE.md for why both are shipped. */
const RUNTIME = ["ort-wasm-simd-threaded", "ort-wasm-simd-threaded.jspi"].flatMap((name) => [
  `${name}.mjs`,
  `${name}.wasm`,
]);

const ortDist = dirname(createRequire(import.meta.url).resolve("onnxruntime-web"));

/** Puts the runtime and the catalogued models beside the code, byte for byte, under names that code can build. */
function shipped(): Plugin {
  const files: Record<string, string> = {
    [`models/${catalog.selfCheck.path}`]: join("models", catalog.selfCheck.path),
    "test-card/card.png": "models/test-card/test-card.png",
    "test-card/control.png": "models/test-card/control.png",
  };
  for (const name of RUNTIME) files[`ort/${name}`] = join(ortDist, name);
  for (const model of catalog.models)
    for (const { path } of model.files) files[`models/${path}`] = join("models", path);
  return {
    name: "wardlight-shipped",
    apply: "build",
    async generateBundle() {
      for (const [fileName, from] of Object.entries(files)) {
        this.emitFile({ type: "asset", fileName, source: await readFile(from) });
      }
    },
  };
}

/**
 * The shipped lists as static rules of the browser, which hold from the first moment on. They are made from the lists at
 * each build, and named in the built manifest, since the manifest's own plugin wants every file to exist before.
 */
function blockRules(): Plugin {
  const pathOf = (id: string) => `rules/${id}.json`;
  return {
    name: "wardlight-block-rules",
    apply: "build",
    generateBundle: {
      order: "post",
      async handler(_, bundle) {
        for (const { id, path } of catalog.lists) {
          const rule = blockRule(1, parseHosts(await readFile(join("public", path), "utf8")));
          this.emitFile({ type: "asset", fileName: pathOf(id), source: JSON.stringify([rule]) });
        }
        const built = bundle["manifest.json"];
        if (built?.type !== "asset") throw new Error("The build has no manifest to name the static rules in.");
        const rule_resources = catalog.lists.map(({ id }) => ({ id, enabled: true, path: pathOf(id) }));
        const named = { ...JSON.parse(String(built.source)), declarative_net_request: { rule_resources } };
        built.source = JSON.stringify(named, null, 2);
      },
    },
  };
}

const LOCALES = "public/_locales";

/** What the verifier says, by language. */
async function verifierWords(): Promise<Record<string, Record<string, string>>> {
  const languages = (await readdir(LOCALES)).sort();
  const words = languages.map(async (language) => {
    const messages = JSON.parse(await readFile(join(LOCALES, language, "messages.json"), "utf8"));
    return [language, Object.fromEntries(VERIFIER_WORDS.map((key) => [key, messages[key].message]))];
  });
  return Object.fromEntries(await Promise.all(words));
}

/** The page that checks reports without Wardlight: one file, with its script and words in it, to be saved and kept. */
function verifier(): Plugin {
  return {
    name: "wardlight-verifier",
    apply: "build",
    async generateBundle() {
      const entry = "src/verifier/main.ts";
      const built = await build({
        configFile: false,
        logLevel: "warn",
        publicDir: false,
        build: { write: false, target: "es2023", lib: { entry, formats: ["es"], fileName: "verifier" } },
      });
      const [output] = Array.isArray(built) ? built : [built];
      const chunk = output && "output" in output ? output.output[0] : undefined;
      if (!chunk) throw new Error("The verifier was not built.");
      const page = await readFile("src/verifier/page.html", "utf8");
      const words = JSON.stringify(await verifierWords()).replaceAll("<", "\\u003c");
      const script = chunk.code.replaceAll("</", "<\\/");
      const source = page.replace('"/*words*/"', () => words).replace("/*script*/", () => script);
      this.emitFile({ type: "asset", fileName: "verifier.html", source });
    },
  };
}

export default defineConfig(({ mode }) => {
  const target: Target = mode === "firefox" ? "firefox" : "chromium";
  return {
    plugins: [
      preact(),
      crx({ manifest: manifestFor(target), browser: target === "firefox" ? "firefox" : "chrome" }),
      shipped(),
      blockRules(),
      verifier(),
    ],
    resolve: {
      alias: { "webextension-polyfill": join(import.meta.dirname, "src/extension/native-browser.ts") },
      conditions: ["onnxruntime-web-use-extern-wasm", "module", "browser", "development|production"],
    },
    worker: { format: "es" },
    build: {
      outDir: `dist/${target}`,
      target: "es2023",
      modulePreload: false,
      rollupOptions: {
        input: {
          blocked: "src/extension/blocked/index.html",
          welcome: "src/extension/welcome/index.html",
          ...(target === "chromium" ? { offscreen: "src/extension/offscreen/index.html" } : {}),
        },
      },
    },
  };
});
