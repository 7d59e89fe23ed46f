import { describe, expect, test } from "vitest";
import { readAddress } from "../../../src/core/url/address.ts";
import { BRANDS } from "../../../src/core/url/brands.ts";
import { typingDistance } from "../../../src/core/url/distance.ts";
import { findImitation, findOddScript } from "../../../src/core/url/lookalike.ts";
import { lookalikeDetector } from "../../../src/core/url/rules.ts";
import { asciiSkeleton, glyphFold, isMixedScript, isWholeScriptConfusable } from "../../../src/core/url/skeleton.ts";
import { lookalikePairs } from "../../bench/lookalike-pairs.ts";

const imitationOf = (host: string) => {
  const address = readAddress(`https://${host}/`);
  return address && findImitation(address);
};

describe("imitations name their target", () => {
  test.each([
    ["аррӏе.com", "homograph", "Apple"],
    ["раураl.com", "homograph", "PayPal"],
    ["paypạl.com", "homograph", "PayPal"],
    ["ɡoogle.com", "homograph", "Google"],
    ["paypa1.com", "typosquat", "PayPal"],
    ["rnicrosoft.com", "typosquat", "Microsoft"],
    ["micros0ft.net", "typosquat", "Microsoft"],
    ["facebok.com", "typosquat", "Facebook"],
    ["amazom.com", "typosquat", "Amazon"],
    ["netflxi.com", "typosquat", "Netflix"],
    ["pay-pal.com", "typosquat", "PayPal"],
    ["paypal.top", "tld-swap", "PayPal"],
    ["paypal-login.com", "combosquat", "PayPal"],
    ["secureamazonaccount.net", "combosquat", "Amazon"],
    ["t-mobile-login.net", "combosquat", "T-Mobile"],
    ["paypal.com.verify-id.example.net", "brand-in-subdomain", "PayPal"],
    ["www-paypal-com.example.net", "brand-in-subdomain", "PayPal"],
    ["paypal-verify.weebly.com", "brand-in-subdomain", "PayPal"],
    ["paypal-verify.github.io", "combosquat", "PayPal"],
  ])("%s: %s of %s", (host, disguise, name) => {
    const found = imitationOf(host);
    expect(found).toMatchObject({ disguise, brand: { name } });
    expect(found?.score).toBeGreaterThanOrEqual(0.8);
  });

  test("the signal says whom, how and by what", async () => {
    const subject = { kind: "url", id: "1", context: "page", url: "https://paypa1.com/" } as const;
    const [signals] = await lookalikeDetector().detect([subject], new AbortController().signal);
    expect(signals?.[0]).toMatchObject({
      category: "phishing",
      detector: "url/lookalike",
      evidence: [
        { kind: "target", rule: "typosquat", name: "PayPal", host: "paypal.com" },
        { kind: "rule", rule: "typosquat", value: "paypa1" },
      ],
    });
    expect(signals?.[0]?.isCertain).toBeUndefined();
  });
});

describe("honest names stay silent", () => {
  test.each([
    "google.de",
    "amazon.co.uk",
    "mail.google.com",
    "paypal.com",
    "signin.aws.amazon.com",
    "ibm.com",
    "hal.com",
    "apply.org",
    "public.org",
    "apple-pie-recipes.example.org",
    "bücher.de",
    "müller.ch",
    "zürich.ch",
    "nestlé.com",
    "pokémon.fr",
    "россия.рф",
    "правительство.рф",
    "日本語.jp",
    "例え.テスト",
    "한국.com",
    "κόσμος.gr",
    "example.org",
    "targets.io",
    "chase.org",
    "localhost",
  ])("%s", (host) => {
    expect(imitationOf(host)?.score ?? 0).toBeLessThan(0.8);
  });

  test("every brand at home", () => {
    const loud = BRANDS.flatMap(({ domains }) => domains).filter((domain) => imitationOf(domain) !== undefined);
    expect(loud).toEqual([]);
  });
});

test("of generated pairs at least 98 % are found, and the target is right in 95 %", () => {
  const pairs = lookalikePairs().filter((_, i) => i % 10 === 0);
  const found = pairs.map(({ host, brand }) => ({ brand, imitation: imitationOf(host) }));
  const warned = found.filter(({ imitation }) => (imitation?.score ?? 0) >= 0.8);
  expect(warned.length / pairs.length).toBeGreaterThanOrEqual(0.98);
  const right = warned.filter(({ brand, imitation }) => imitation?.brand === brand);
  expect(right.length / warned.length).toBeGreaterThanOrEqual(0.95);
});

test.each([
  ["paypal", "paypall", 0.5],
  ["paypal", "papyal", 0.6],
  ["paypal", "paypal", 0],
  ["google", "gogle", 0.5],
  ["netflix", "netfliq", 1],
  ["netflix", "wikipedia", Number.POSITIVE_INFINITY],
])("from %s to %s it is %d", (meant, written, cost) => {
  expect(typingDistance(meant, written, 1.5)).toBe(cost);
});

test("skeletons", () => {
  expect(asciiSkeleton("раураӏ")).toBe("paypai");
  expect(glyphFold("rnicr0s0ft")).toBe(glyphFold("microsoft"));
  expect([isMixedScript("pаypal"), isMixedScript("東京tower"), isMixedScript("ひらがなkanji漢字")]).toEqual([
    true,
    false,
    false,
  ]);
  expect([
    isWholeScriptConfusable("сасора"),
    isWholeScriptConfusable("привет"),
    isWholeScriptConfusable("abc"),
  ]).toEqual([true, false, false]);
  const odd = readAddress("https://сасора.com/");
  expect(odd && findOddScript(odd)?.rule).toBe("whole-script");
});
