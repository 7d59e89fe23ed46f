import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseExpression } from "../../../src/core/text/expression.ts";
import { readFinders } from "../../../src/core/text/finder.ts";
import table from "../../../src/core/text/secrets.json" with { type: "json" };
import { entropyOf, findSecrets, secretDetector } from "../../../src/core/text/secrets.ts";
import { FIRST, LAST, sample, steps } from "./backtracking.ts";
import { ordinaryLines } from "./ordinary-lines.ts";

const found = (text: string) => findSecrets(text).map(({ rule, start, end }) => `${rule}=${text.slice(start, end)}`);

/** Letters and digits as a maker of keys would draw them; no real key is anywhere in this repository. */
function drawn(length: number, alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"): string {
  let state = 12_345;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return alphabet[(state >> 8) % alphabet.length];
  }).join("");
}
const hex = (length: number) => drawn(length, "0123456789abcdef");
const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const JWT = `${base64url({ alg: "HS256", typ: "JWT" })}.${base64url({ sub: "1234567890" })}.${drawn(43)}`;
const PEM = ["-----BEGIN RSA PRIVATE KEY-----", drawn(64), drawn(64), "-----END RSA PRIVATE KEY-----"].join("\n");

describe("finds a key by its maker's form", () => {
  test.each<[string, string]>([
    ["aws-access-key", `AKIA${drawn(16, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")}`],
    ["github-token", `ghp_${drawn(36)}`],
    ["github-pat", `github_pat_${drawn(82)}`],
    ["gitlab-token", `glpat-${drawn(20)}`],
    ["slack-token", `xoxb-${drawn(12, "0123456789")}-${drawn(24)}`],
    ["slack-webhook", `hooks.slack.com/services/T${drawn(8, "ABCDEF123")}/B${drawn(8, "ABCDEF123")}/${drawn(24)}`],
    ["stripe-key", `sk_live_${drawn(24)}`],
    ["stripe-webhook", `whsec_${drawn(32)}`],
    ["google-api-key", `AIza${drawn(35)}`],
    ["google-oauth", `GOCSPX-${drawn(28)}`],
    ["openai-key", `sk-proj-${drawn(60)}`],
    ["openai-key", `sk-${drawn(20)}T3BlbkFJ${drawn(20)}`],
    ["anthropic-key", `sk-ant-api03-${drawn(90)}`],
    ["openrouter-key", `sk-or-v1-${hex(64)}`],
    ["huggingface-token", `hf_${drawn(34)}`],
    ["ai-service-key", `gsk_${drawn(52)}`],
    ["npm-token", `npm_${drawn(36)}`],
    ["pypi-token", `pypi-AgEI${drawn(80)}`],
    ["docker-token", `dckr_pat_${drawn(27)}`],
    ["sendgrid-key", `SG.${drawn(22)}.${drawn(43)}`],
    ["mailchimp-key", `${hex(32)}-us12`],
    ["telegram-token", `123456789:AA${drawn(33)}`],
    ["digitalocean-token", `dop_v1_${hex(64)}`],
    ["databricks-token", `dapi${hex(32)}`],
    ["vault-token", `hvs.${drawn(90)}`],
    ["shopify-token", `shpat_${hex(32)}`],
    ["postman-key", `PMAK-${hex(24)}-${hex(34)}`],
    ["grafana-token", `glsa_${drawn(32)}_${hex(8)}`],
    ["service-token", `lin_api_${drawn(40)}`],
    ["jwt", JWT],
    ["private-key", PEM],
  ])("%s", (rule, secret) => {
    expect(found(`Here: ${secret} and so on`)).toEqual([`${rule}=${secret}`]);
  });

  test.each<[string, string]>([
    [`aws_secret_access_key = ${drawn(40)}`, `aws-secret-key=${drawn(40)}`],
    [`AccountKey=${drawn(86)}==;End`, `azure-storage-key=${drawn(86)}==`],
    ["postgres://admin:S3cr3tPw@db.example.com/x", "connection=admin:S3cr3tPw"],
    [`Authorization: Bearer ${drawn(40)}`, `authorization=${drawn(40)}`],
    [`api_key = '${hex(32)}'`, `assigned/single=${hex(32)}`],
    ['"dbPassword": "hunter2horse!"', "assigned/double=hunter2horse!"],
    ["DB_PASSWORD=hunter2horse9", "assigned/bare=hunter2horse9"],
    ["Passwort: Sommer2024!", "assigned/bare=Sommer2024!"],
    ["my password is hunter2!, thanks", "told-password=hunter2!"],
    ["mon mot de passe est Soleil77.", "told-password=Soleil77"],
    ["La contraseña es caballo_7x", "told-password=caballo_7x"],
  ])("%s", (text, expected) => {
    expect(found(text)).toEqual([expected]);
  });
});

describe("leaves alone", () => {
  test.each([
    ["a UUID", 'token = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"'],
    [
      "a digest",
      '"integrity": "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="',
    ],
    ["a commit", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
    ["a picture", `data:image/png;base64,iVBORw0KGgo${drawn(200)}`],
    ["types", "password: string; token?: string | undefined; secret: Buffer"],
    ["variables", "const password = req.body.password; token = getToken(); secret: process.env.SECRET"],
    ["blanks", `PASSWORD=<your-password> API_KEY=\${API_KEY} token: {{ token }} secret=xxxxxxxxxxxx PASSWORD=changeme`],
    ["a documented example", "AKIAIOSFODNN7EXAMPLE"],
    ["a page's token", `"next_page_token": "${drawn(40)}"`],
    ["words", "The password is required. My password is wrong. The secret is patience. A token of love: chocolates"],
    ["a harmless address", "postgres://user:password@localhost and https://example.org:8080/@name"],
    ["a token that is none", "eyJub25zZW5zZSI6MX0.eyJub3RqYXNvbg"],
    ["names in code", 'const tokenKey = "wardlight-token"; passwordField = "user_password_1"'],
  ])("%s", (_, text) => {
    expect(found(text)).toEqual([]);
  });

  test("10,000 lines of code, logs, lock files and digests", () => {
    expect(ordinaryLines(10_000).flatMap(found)).toEqual([]);
    expect(found(ordinaryLines(10_000).join("\n"))).toEqual([]);
  }, 60_000);
});

test("the detector tells the kind and the place, and stops when it is told to", async () => {
  const detect = (text: string, signal = new AbortController().signal) =>
    secretDetector().detect([{ kind: "text", id: "1", context: "prompt", text }], signal);
  const key = `ghp_${drawn(36)}`;
  expect(await detect(`a ${key}`)).toEqual([
    [
      {
        category: "secret",
        score: 0.99,
        detector: "text/secrets",
        evidence: [{ kind: "span", start: 2, end: 2 + key.length, rule: "github-token", score: 0.99 }],
      },
    ],
  ]);
  expect(await detect("a fine day")).toEqual([[]]);
  await expect(detect("x", AbortSignal.abort())).rejects.toThrow("abort");
});

test.each([
  ["", 0],
  ["aaaa", 0],
  ["abab", 1],
  ["abcdefgh", 3],
])("the entropy of %j is %d bits", (text, bits) => {
  expect(entropyOf(text)).toBeCloseTo(bits, 12);
});

describe("hostile text", () => {
  const checks = Object.fromEntries(table.rules.flatMap(({ check }) => (check ? [[check, () => 0]] : [])));
  test.each(readFinders(table, checks).map((finder) => [finder.id, finder] as const))(
    "costs %s no more than twice for twice as much",
    (_, { expression }) => {
      const tree = parseExpression(expression.source);
      const nearly = [FIRST, LAST].map((pick) => sample(tree, pick).slice(0, -1));
      for (const seed of [...nearly, "a", "sk-", "eyJ", "a.", "token=", "a_"].filter(Boolean)) {
        const times = Math.ceil(600 / seed.length);
        const ratio = steps(tree, seed.repeat(2 * times)) / steps(tree, seed.repeat(times));
        expect(ratio).toBeLessThan(2.6);
      }
    },
    20_000,
  );
});

test("it never throws, and what it finds lies in the text, in order", () => {
  const piece = fc.constantFrom(
    ...[`ghp_${drawn(36)}`, JWT, PEM, "password=", "token: ", '"', "hunter2!", " ", "\n", "://a:b@", "\ud83d"],
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((parts) => parts.join("")),
    fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 80 }).map((units) => String.fromCharCode(...units)),
  );
  fc.assert(
    fc.property(text, (anything) => {
      let at = 0;
      for (const { start, end } of findSecrets(anything)) {
        expect(start).toBeGreaterThanOrEqual(at);
        expect(end).toBeGreaterThan(start);
        at = end;
      }
      expect(at).toBeLessThanOrEqual(anything.length);
    }),
  );
});
