import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide } from "../../../src/core/decide.ts";
import { DEFAULT_SETTINGS, LEVELS, policyOf } from "../../../src/core/policy.ts";
import { parseExpression } from "../../../src/core/text/expression.ts";
import { readFinders } from "../../../src/core/text/finder.ts";
import table from "../../../src/core/text/pii.json" with { type: "json" };
import { findPii, piiDetector } from "../../../src/core/text/pii.ts";
import { PII_TYPES } from "../../../src/core/text/pii-types.ts";
import { FIRST, LAST, sample, steps } from "./backtracking.ts";
import { ordinaryLines } from "./ordinary-lines.ts";

/** `TYPE=words` of everything found. */
const found = (text: string) => findPii(text).map(({ type, start, end }) => `${type}=${text.slice(start, end)}`);

describe("finds", () => {
  test.each<[string, string[]]>([
    // The reference's own sentences.
    [
      "My name is John Smith and my email is john.smith@example.com",
      ["PERSON=John Smith", "EMAIL_ADDRESS=john.smith@example.com"],
    ],
    ["Please call me at 555-123-4567", ["PHONE_NUMBER=555-123-4567"]],
    ["The patient's social security number is 123-45-6789", ["US_SSN=123-45-6789"]],
    ["Contact Dr. Sarah Johnson", ["TITLE=Dr", "PERSON=Sarah Johnson"]],
    // Cards
    ["pay with 4111 1111 1111 1111 today", ["CREDIT_CARD=4111 1111 1111 1111"]],
    ["5555-5555-5555-4444", ["CREDIT_CARD=5555-5555-5555-4444"]],
    ["Amex 3782 822463 10005", ["CREDIT_CARD=3782 822463 10005"]],
    ["meine Karte: 4012888888881881", ["CREDIT_CARD=4012888888881881"]],
    ["4012888888881881", ["CREDIT_CARD=4012888888881881"]],
    // Accounts
    ["IBAN DE89 3704 0044 0532 0130 00 bitte", ["IBAN_CODE=DE89 3704 0044 0532 0130 00"]],
    ["GB82WEST12345698765432", ["IBAN_CODE=GB82WEST12345698765432"]],
    ["fr14 2004 1010 0505 0001 3m02 606", ["IBAN_CODE=fr14 2004 1010 0505 0001 3m02 606"]],
    [
      "wallet bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4",
      ["CRYPTO_ADDRESS=bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"],
    ],
    // Numbers that states give
    ["SSN: 123456789", ["US_SSN=123456789"]],
    ["mi DNI es 12345678Z", ["NATIONAL_ID=12345678Z"]],
    ["NIE X1234567L", ["NATIONAL_ID=X1234567L"]],
    ["codice fiscale RSSMRA85T10A562S", ["NATIONAL_ID=RSSMRA85T10A562S"]],
    ["numéro 1 85 05 78 006 084 91", ["NATIONAL_ID=1 85 05 78 006 084 91"]],
    ["National Insurance AB123456C", ["NATIONAL_ID=AB123456C"]],
    ["NHS number 943 476 5919", ["NATIONAL_ID=943 476 5919"]],
    ["Personalausweis T220001293", ["NATIONAL_ID=T220001293"]],
    ["Steuer-ID 86 095 742 719", ["TAX_ID=86 095 742 719"]],
    ["passport number C01X00T47", ["PASSPORT=C01X00T47"]],
    ["Reisepass:\nC01X00T47", ["PASSPORT=C01X00T47"]],
    ['{ "phone": "0171 2345678" }', ["PHONE_NUMBER=0171 2345678"]],
    ["Her driver's license is D1234567.", ["US_DRIVER_LICENSE=D1234567"]],
    // Ways to reach somebody
    ["+49 30 901820", ["PHONE_NUMBER=+49 30 901820"]],
    ["(415) 555-2671 or 06 12 34 56 78", ["PHONE_NUMBER=(415) 555-2671", "PHONE_NUMBER=06 12 34 56 78"]],
    ["Handy 0171 2345678", ["PHONE_NUMBER=0171 2345678"]],
    ["tel:+4930901820", ["PHONE_NUMBER=+4930901820"]],
    ["write to Anna.Berg+news@mail.uni-bonn.de!", ["EMAIL_ADDRESS=Anna.Berg+news@mail.uni-bonn.de"]],
    ["john [at] example (dot) com", ["EMAIL_ADDRESS=john [at] example (dot) com"]],
    // Places
    [
      "I live at 742 Evergreen Terrace, Springfield, IL 62704",
      ["STREET_ADDRESS=742 Evergreen Terrace", "ZIP_CODE=62704"],
    ],
    ["Hauptstraße 12, 10115 Berlin", ["STREET_ADDRESS=Hauptstraße 12", "ZIP_CODE=10115", "GPE=Berlin"]],
    ["Ich wohne Unter den Linden 77", ["STREET_ADDRESS=Unter den Linden 77"]],
    ["12 rue de la Paix", ["STREET_ADDRESS=12 rue de la Paix"]],
    ["Calle Mayor 5", ["STREET_ADDRESS=Calle Mayor 5"]],
    ["Via Garibaldi 10", ["STREET_ADDRESS=Via Garibaldi 10"]],
    ["52.5200° N, 13.4050° E", ["COORDINATES=52.5200° N, 13.4050° E"]],
    ["GPS 52.5200, 13.4050", ["COORDINATES=52.5200, 13.4050"]],
    // Machines
    ["from 8.8.8.8", ["IP_ADDRESS=8.8.8.8"]],
    ["2001:db8::8a2e:370:7334", ["IP_ADDRESS=2001:db8::8a2e:370:7334"]],
    ["00:1B:44:11:3A:B7", ["MAC_ADDRESS=00:1B:44:11:3A:B7"]],
    // What describes
    ["born 12 March 1985", ["DATE_OF_BIRTH=12 March 1985"]],
    ["Geburtsdatum: 12.03.1985", ["DATE_OF_BIRTH=12.03.1985"]],
    ["on 2026-11-21 at 5 pm", ["DATE_TIME=2026-11-21", "DATE_TIME=5 pm"]],
    ["she is 34 years old", ["AGE=34"]],
    ["Ich bin 34 Jahre alt", ["AGE=34"]],
    ["a German lawyer in Paris", ["NRP=German", "GPE=Paris"]],
    ["she works at Acme Widgets Inc. now", ["ORGANIZATION=Acme Widgets Inc."]],
    ["see www.example.com, please", ["DOMAIN_NAME=www.example.com"]],
    // Names
    ["Ich heiße Jürgen von der Heide", ["PERSON=Jürgen von der Heide"]],
    ["Je m’appelle Chloé Dubois", ["PERSON=Chloé Dubois"]],
    ["ask Maria Lopez", ["PERSON=Maria Lopez"]],
    // As disguises write it
    ["４１１１ １１１１ １１１１ １１１１", ["CREDIT_CARD=４１１１ １１１１ １１１１ １１１１"]],
    ["41\u200b11 1111 1111 11\u200b11", ["CREDIT_CARD=41\u200b11 1111 1111 11\u200b11"]],
    ["anna＠example．com", ["EMAIL_ADDRESS=anna＠example．com"]],
    ["123‑45‑6789", ["US_SSN=123‑45‑6789"]],
  ])("%s", (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  test("every type of the reference, and the others, has a rule or a list", () => {
    const reference =
      "AGE CREDIT_CARD DATE_TIME DOMAIN_NAME EMAIL_ADDRESS GPE IBAN_CODE IP_ADDRESS NRP ORGANIZATION PERSON PHONE_NUMBER STREET_ADDRESS TITLE US_DRIVER_LICENSE US_SSN ZIP_CODE";
    expect(Object.keys(PII_TYPES)).toEqual(expect.arrayContaining(reference.split(" ")));
    const ruled = new Set([...table.rules.map(({ type }) => type), "GPE", "NRP"]);
    expect([...ruled].sort()).toEqual(Object.keys(PII_TYPES).sort());
  });
});

describe("leaves alone", () => {
  test.each([
    ["a card with a wrong digit", "pay with 4111 1111 1111 1112 today"],
    ["digits of a card's length without a word", "request 4012888888881881 took long"],
    ["an IBAN with a wrong digit", "DE88 3704 0044 0532 0130 00"],
    ["a DNI with the wrong letter", "12345678A"],
    ["numbers that no office gives", "000-12-3456, 666-12-3456, 923-12-3456, 123-00-4567, 123-45-0000"],
    ["rows of a table", "4111 1111\n1111 1111"],
    ["a version and a file", "v1.2.3.4, libc.so.6, main.py, index.ts"],
    ["private addresses in prose", "127.0.0.1, 10.0.0.1, 192.168.1.1"],
    ["version control", "git@github.com:owner/name.git and noreply@github.com"],
    ["no address", "icon@2x.png, a@b, @types/node@20.1.0"],
    ["places that are none", "auf Tabellenplatz 12, Sitzplatz 4, Arbeitsplatz 7"],
    ["seasons and matches", "Im Sommer 2007 und im Juni 2014, zur Apertura 2014"],
    ["a fraction", "99/99/2020 and 45.45.2020"],
    ["a fingerprint", "aa:1b:44:11:3a:b7:00:1b:44:11:3a:b7:aa:bb:cc:dd"],
    ["code", "std::vector<int> a{3}; x = y::z; const a = [0.1234, 0.5678];"],
    ["words that begin sentences", "Mark the page. Will you Frank the letter? Rose water."],
    ["a phone-like number without a word", "0171 2345678 bytes"],
  ])("%s", (_, text) => {
    expect(found(text)).toEqual([]);
  });

  test("10,000 lines of code, logs, lock files and digests: nothing that any level would act on", async () => {
    const lines = ordinaryLines(10_000);
    const details = new Set(Object.keys(PII_TYPES).filter((type) => (PII_TYPES[type] ?? 0) < 0.4));
    const alarms = lines.flatMap((line) => found(line).filter((one) => !details.has(one.split("=", 1)[0] ?? "")));
    expect(alarms).toEqual([]);
    const whole = lines.join("\n");
    const [signals = []] = await piiDetector().detect(
      [{ kind: "text", id: "1", context: "paste", text: whole }],
      new AbortController().signal,
    );
    for (const level of LEVELS) {
      const policy = policyOf({ ...DEFAULT_SETTINGS, level });
      const { action } = decide({ kind: "text", context: "paste" }, { signals }, policy, { site: "a.example", at: 0 });
      expect(action.kind).toBe("allow");
    }
  }, 60_000);
});

describe("the detector", () => {
  const detect = async (text: string) => {
    const subject = { kind: "text", id: "1", context: "prompt", text } as const;
    return (await piiDetector().detect([subject], new AbortController().signal))[0] ?? [];
  };

  test("weighs by the gravest piece, and is certain where check digits are", async () => {
    const [card] = await detect("my card 4111 1111 1111 1111 in Paris");
    expect(card).toMatchObject({ category: "pii", detector: "text/pii", isCertain: true, score: 0.99 });
    expect(card?.evidence).toEqual([
      { kind: "span", start: 8, end: 27, rule: "CREDIT_CARD", score: 0.99 },
      { kind: "span", start: 31, end: 36, rule: "GPE", score: 0.75 },
    ]);
    const [city] = await detect("a day in Paris");
    expect(city?.score).toBeLessThan(0.1);
    expect(await detect("a fine day")).toEqual([]);
  });

  test("stops when it is told to", async () => {
    const subject = { kind: "text", id: "1", context: "prompt", text: "x" } as const;
    await expect(piiDetector().detect([subject], AbortSignal.abort())).rejects.toThrow("abort");
  });
});

describe("readFinders", () => {
  const rule = { id: "a", type: "T", expression: "ab{1,3}", alone: 0.9 };
  test.each<[string, unknown, string]>([
    ["no table", null, "table"],
    ["no id", { rules: [{ ...rule, id: 3 }] }, "rule 3"],
    ["an id twice", { rules: [rule, rule] }, "rule a"],
    ["an unknown reading", { rules: [{ ...rule, reads: "aloud" }] }, "reads"],
    ["an unknown edge", { rules: [{ ...rule, edge: "sharp" }] }, "edge"],
    ["a score that is none", { rules: [{ ...rule, alone: 2 }] }, "score"],
    ["an unknown check", { rules: [{ ...rule, check: "sum" }] }, "sum"],
    ["no expression", { rules: [{ ...rule, expression: "" }] }, "expression"],
    ["one that does not compile", { rules: [{ ...rule, expression: "a(" }] }, "compile"],
    ["an endless repetition", { rules: [{ ...rule, expression: "a+" }] }, "bound"],
    ["a match of nothing", { rules: [{ ...rule, expression: "a?" }] }, "nothing"],
    ["a missing list", { rules: [{ ...rule, expression: "{words}" }] }, "{words}"],
    ["lists that use each other", { words: { w: "{w}" }, rules: [{ ...rule, expression: "{w}" }] }, "{w}"],
  ])("refuses %s and names it", (_, malformed, name) => {
    expect(() => readFinders(malformed, {})).toThrow(expect.objectContaining({ code: "validation" }));
    expect(() => readFinders(malformed, {})).toThrow(name);
  });
});

describe("hostile text", () => {
  const finders = readFinders(
    table,
    Object.fromEntries(table.rules.flatMap(({ check }) => (check ? [[check, () => 0]] : []))),
  );
  test.each(finders.map((finder) => [finder.id, finder] as const))(
    "costs %s no more than twice for twice as much",
    (_, { expression }) => {
      const tree = parseExpression(expression.source);
      const nearly = [FIRST, LAST].map((pick) => sample(tree, pick).slice(0, -1));
      for (const seed of [...nearly, "1", "1-", "a.", "A ", "a@", "1:", "+1 "].filter(Boolean)) {
        const times = Math.ceil(300 / seed.length);
        const ratio = steps(tree, seed.repeat(2 * times)) / steps(tree, seed.repeat(times));
        expect(ratio).toBeLessThan(2.6);
      }
    },
  );
});

describe("laws", () => {
  const piece = fc.constantFrom(
    ...["4111 1111 1111 1111", "a@b.com", "+49 30 901820", "DE89 3704 0044 0532 0130 00", "Dr. Anna Berg", "12 rue de"],
    ...["123-45-6789", " ", "\n", ",", "é", "\u200b", "\ud83d", "😀", "１２", "born 1.2.1990", "call", "::1", "@", "+"],
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 20 }).map((parts) => parts.join("")),
    fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 80 }).map((units) => String.fromCharCode(...units)),
  );

  test("it never throws; pieces lie in the text, in order, none within another", () => {
    fc.assert(
      fc.property(text, (anything) => {
        let at = 0;
        for (const { start, end, score } of findPii(anything)) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThan(start);
          expect(score).toBeGreaterThan(0);
          at = end;
        }
        expect(at).toBeLessThanOrEqual(anything.length);
      }),
    );
  });

  test("what stands around a card number changes nothing about it", () => {
    const padding = fc.constantFrom("", "Hello. ", "😀 ", "Straße\n", "(", "„");
    fc.assert(
      fc.property(padding, fc.constantFrom("", ".", "\nBye", ", thanks", ")"), (before, after) => {
        expect(found(`${before}4111 1111 1111 1111${after}`)).toEqual(["CREDIT_CARD=4111 1111 1111 1111"]);
      }),
    );
  });
});
