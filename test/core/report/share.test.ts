import fc from "fast-check";
import { expect, test } from "vitest";
import en from "../../../public/_locales/en/messages.json" with { type: "json" };
import { signHead } from "../../../src/core/chain.ts";
import { ALLY_ENGLISH, allyText, checkpointIn, LEAST_COUNT } from "../../../src/core/report/ally.ts";
import { emlOf, mailtoOf } from "../../../src/core/report/mail.ts";
import { tally, verdict, words } from "./events.ts";
import { newSigner, reportOf } from "./journalled.ts";

const DAY = 86_400_000;
const FRAME = { since: 0, until: 60 * DAY, generatedAt: 60 * DAY, version: "0.1.0", timeZone: "UTC" };
const toBase64 = (text: string) => Buffer.from(text).toString("base64");

async function textOf(events: Parameters<typeof reportOf>[0]) {
  const checkpoint = await signHead({ n: 7, hash: "ab".repeat(32) }, 59 * DAY, await newSigner());
  return { checkpoint, text: allyText(await reportOf(events, FRAME), checkpoint) };
}

test("an ally learns no page, and no number that is small", async () => {
  const events = Array.from({ length: 30 }, (_, i) =>
    verdict({
      id: `${i}`,
      at: (10 + (i % 3)) * DAY,
      site: "site-name.example",
      label: "a-label",
      category: i < 27 ? "sexual" : "phishing",
    }),
  );
  const { text } = await textOf([...events, tally({ at: 40 * DAY, site: "quiet.example" })]);
  expect(text).not.toMatch(/site-name|a-label|quiet|nsfw|porn/);
  expect(text).toContain("sexual  ≥ 25");
  expect(text).toContain(`phishing  fewer than ${LEAST_COUNT}`);
  expect(text).toContain("1970-01-05  ≥ 10");
  expect(text).toContain("1970-01-12  ≥ 20");
});

test("what an ally keeps ends with a checkpoint that can be read back", async () => {
  const { text, checkpoint } = await textOf([verdict()]);
  expect(checkpointIn(text)).toEqual(checkpoint);
  expect(checkpointIn(JSON.stringify(checkpoint, null, 2))).toEqual(checkpoint);
  expect(checkpointIn("nothing\n{}")).toBeUndefined();
});

test("the English for an ally is the English of the extension", () => {
  const messages: Record<string, { message: string }> = en;
  expect(Object.fromEntries(Object.keys(ALLY_ENGLISH).map((key) => [key, messages[key]?.message]))).toEqual(
    ALLY_ENGLISH,
  );
});

test("a mail carries its text and files whole, and nothing in them ends a header or a part", () => {
  fc.assert(
    fc.property(words, words, words, (subject, text, content) => {
      const boundary = "b".repeat(32);
      const attachments = [{ name: `x"\r\n${subject}.html`, type: "text/html", content }];
      const mail = emlOf({ subject, text, attachments, boundary }, toBase64);
      const parts = mail.split(`--${boundary}`);
      expect(parts).toHaveLength(4);
      const bodies = parts.slice(1, 3).map((part) => part.split("\r\n\r\n")[1] ?? "");
      expect(bodies.map((body) => Buffer.from(body, "base64").toString())).toEqual(
        [text, content].map((one) => Buffer.from(one).toString()),
      );
      for (const line of mail.split("\r\n")) expect(line.length).toBeLessThanOrEqual(998);
      expect(mail.replace(/[\r\n]/g, "")).toMatch(/^[\x20-\x7e]*$/);
    }),
  );
});

test("a draft's address stays one", () => {
  fc.assert(
    fc.property(words, words, (subject, text) => {
      expect(URL.canParse(mailtoOf(subject, text))).toBe(true);
    }),
  );
});
