import { beforeEach, describe, expect, test, vi } from "vitest";
import { DEFAULT_SETTINGS, policyOf, type Settings } from "../../src/core/policy.ts";
import { piiDetector } from "../../src/core/text/pii.ts";
import { secretDetector } from "../../src/core/text/secrets.ts";
import type { Finding, Signal } from "../../src/core/types.ts";

vi.mock("webextension-polyfill", () => ({ default: { runtime: {} } }));
const { draftsDoor } = await import("../../src/extension/background/drafts-door.ts");
const { draftOf, labelOfDraft, withoutWords } = await import("../../src/extension/offscreen/draft.ts");

const here = { site: "chat.example", at: 0 };
const TEXT = "I am from Paris, write to anna@example.org; my password is hunter2!";

async function found(text: string): Promise<Finding> {
  const subject = { kind: "text", id: "1", context: "prompt", text } as const;
  const signals = await Promise.all(
    [piiDetector(), secretDetector()].map((one) => one.detect([subject], new AbortController().signal)),
  );
  return { signals: signals.flatMap(([first = []]) => first) };
}
const policy = (change: Partial<Settings>) => policyOf({ ...DEFAULT_SETTINGS, ...change });
const words = (text: string, pieces: readonly { start: number; end: number }[]) =>
  pieces.map(({ start, end }) => text.slice(start, end));

describe("what there is to say of a draft", () => {
  test("is each category by itself, and leaves what tells little", async () => {
    const draft = draftOf(
      "prompt",
      await found(TEXT),
      policy({ drafts: { pii: "warn", secret: "hold", injection: "off" } }),
      here,
    );
    expect(words(TEXT, draft.pieces)).toEqual(["anna@example.org", "hunter2!"]);
    expect(draft.pieces.map(({ type, action }) => [type, action])).toEqual([
      ["EMAIL_ADDRESS", "warn"],
      ["SECRET", "hold"],
    ]);
    expect(draft.mayHold).toBe(true);
    expect(labelOfDraft(draft)).toBe("EMAIL_ADDRESS × 1, SECRET × 1");
  });

  test("is nothing where the user wants nothing, or wants none of it here", async () => {
    const finding = await found(TEXT);
    const off = policy({ drafts: { pii: "off", secret: "off", injection: "off" } });
    expect(draftOf("prompt", finding, off, here)).toEqual({ pieces: [], mayHold: false });
    expect(draftOf("prompt", finding, policy({ quietSites: ["example"] }), here).pieces).toEqual([]);
    expect(draftOf("prompt", finding, policy({ allowlist: ["chat.example"] }), here).pieces).toEqual([]);
  });

  test("orders to the AI count in foreign text alone", () => {
    const evidence = [{ kind: "span", start: 2, end: 8, rule: "x" } as const];
    const signal: Signal = { category: "injection", score: 0.95, detector: "text/patterns", evidence };
    const about = (context: "prompt" | "paste") => draftOf(context, { signals: [signal] }, policy({}), here).pieces;
    expect(about("prompt")).toEqual([]);
    expect(about("paste")).toEqual([{ start: 2, end: 8, type: "INJECTION", action: "warn" }]);
  });

  test("the journal's label holds kinds and numbers, and never the words", async () => {
    const text = "4111 1111 1111 1111 and 5555-5555-5555-4444, anna@example.org";
    const label = labelOfDraft(draftOf("prompt", await found(text), policy({}), here));
    expect(label).toBe("CREDIT_CARD × 2, EMAIL_ADDRESS × 1");
  });
});

test("evidence for the journal says where, and never what", () => {
  const span = { kind: "span", start: 2, end: 8, rule: "passage" } as const;
  const word = { kind: "rule", rule: "word", value: "4111" } as const;
  const signal: Signal = { category: "injection", score: 0.9, detector: "text/linear", evidence: [span, word] };
  expect(withoutWords([signal])).toEqual([{ ...signal, evidence: [span] }]);
});

describe("the door", () => {
  const changes: Partial<Settings>[] = [];
  beforeEach(() => {
    changes.length = 0;
  });
  const door = draftsDoor(
    async () => ({ ...DEFAULT_SETTINGS, quietSites: ["b.example"] }),
    async (change) => changes.push(change),
  );
  const tab = (url: string, incognito = false) => ({ tab: { url, incognito } }) as never;

  test("a site is left alone by what the browser says of the tab, never for a private one", async () => {
    await door.quietSite(null, tab("https://a.example/chat"));
    expect(changes).toEqual([{ quietSites: ["a.example", "b.example"] }]);
    await expect(door.quietSite(null, tab("https://a.example/", true))).rejects.toMatchObject({ code: "security" });
    await expect(door.quietSite(null, tab("about:blank"))).rejects.toMatchObject({ code: "security" });
    expect(changes).toHaveLength(1);
  });

  test("redacts and restores", async () => {
    const pieces = [{ start: 3, end: 7, type: "PERSON" }];
    const redacted = await door.redact({ text: "So Anna came", pieces, known: [["[PERSON_1]", "Bert"]] }, tab(""));
    expect(redacted).toEqual({
      text: "So [PERSON_2] came",
      mapping: [
        ["[PERSON_1]", "Bert"],
        ["[PERSON_2]", "Anna"],
      ],
    });
    expect(await door.restore({ text: "[PERSON_2] and [PERSON_1]", mapping: redacted.mapping }, tab(""))).toBe(
      "Anna and Bert",
    );
  });

  test.each<[string, unknown]>([
    ["no text", { text: 1, pieces: [], known: [] }],
    ["no list", { text: "", pieces: {}, known: [] }],
    ["a piece of another shape", { text: "abc", pieces: [{ start: 0, end: "x", type: "A" }], known: [] }],
    ["a type that is none", { text: "abc", pieces: [{ start: 0, end: 1, type: "a]" }], known: [] }],
    ["no pairs", { text: "abc", pieces: [], known: [["a"]] }],
    ["too much", { text: "a".repeat(1_000_001), pieces: [], known: [] }],
  ])("refuses %s", (_, request) => {
    expect(() => door.redact(request as never, tab(""))).toThrow(expect.objectContaining({ code: "validation" }));
  });
});
