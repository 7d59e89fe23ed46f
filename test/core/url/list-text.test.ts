import { describe, expect, test } from "vitest";
import { MAX_LIST_LINES, parseList } from "../../../src/core/url/list-text.ts";
import { finish, SLICE } from "../../../src/core/url/steps.ts";
import { isWellKnown } from "../../../src/core/url/well-known.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string, isPopular = isWellKnown) => finish(parseList(bytes(text), isPopular));

describe("formats", () => {
  test.each([
    [
      "a hosts file",
      "127.0.0.1 localhost\n::1 ip6-localhost\n0.0.0.0 0.0.0.0\n0.0.0.0 bad.example.com other.example.com # why\n",
      ["bad.example.com", "other.example.com"],
      [],
    ],
    [
      "plain domains",
      "# a list\nBAD.example.com\r\n\n*.wild.example.com\nbücher-shop.com\ntrailing.example.com.\n",
      ["bad.example.com", "trailing.example.com", "wild.example.com", "xn--bcher-shop-9db.com"],
      [],
    ],
    [
      "network rules",
      "[Adblock Plus 2.0]\n! Title: x\n||bad.example.com^\n||all.example.com^$all\n||doc.example.com^$document,important\n||free.example.com^\n@@||free.example.com^\n",
      ["all.example.com", "bad.example.com", "doc.example.com"],
      [],
    ],
    [
      "OpenPhish",
      "http://bad.example.com/\nhttps://shop.example.com/login/?a=1\n",
      ["bad.example.com"],
      ["shop.example.com/login?a=1"],
    ],
    [
      "PhishTank CSV",
      'phish_id,url,phish_detail_url,submission_time\n1,http://shop.example.com/a,http://www.phishtank.com/x,2026\n2,"http://shop.example.com/b,c",http://www.phishtank.com/y,2026\n',
      [],
      ["shop.example.com/a", "shop.example.com/b,c"],
    ],
    [
      "URLhaus CSV",
      '# id,dateadded,url\n"1","2026-01-01","http://10.20.30.40:8080/bin.sh","online"\n"2","2026","https://bad.example.com/","online"\n',
      ["bad.example.com"],
      ["10.20.30.40:8080/bin.sh"],
    ],
    [
      "PhishTank JSON",
      '[{"phish_id":"1","url":"http:\\/\\/shop.example.com\\/a","details":[{"ip_address":"1.2.3.4"}]}]',
      [],
      ["shop.example.com/a"],
    ],
    [
      "URLhaus JSON",
      '{"1":[{"url":"http://bad.example.com/","tags":null}],"2":[{"url":"http://shop.example.com/x.exe"}]}',
      ["bad.example.com"],
      ["shop.example.com/x.exe"],
    ],
    [
      "addresses without a scheme",
      "shop.example.com/path\nbad.example.com\n",
      ["bad.example.com"],
      ["shop.example.com/path"],
    ],
  ])("%s", (_, text, hosts, pages) => {
    expect(read(text)).toMatchObject({ hosts, pages });
  });

  test("title, changes and count are read from the head", () => {
    const text = "# title: Mine\n! Homepage: x\n# delta: mine.delta\n# count: 2\na.example.com\nb.example.com\n";
    expect(read(text)).toMatchObject({ title: "Mine", delta: "mine.delta" });
  });
});

describe("a list that is refused whole", () => {
  test.each([
    ["a web page", "<!DOCTYPE html><html><body>Not found</body></html>", "html"],
    ["a web page after white space", "\n  <html>", "html"],
    ["everything", "bad.example.com\n*\n", "everything"],
    ["a registry's suffix", "bad.example.com\ncom\n", "everything"],
    ["a suffix in a hosts file", "0.0.0.0 co.uk\n", "everything"],
    ["a suffix as a rule", "||com^\n", "everything"],
    ["every host as a rule", "||*^\n", "everything"],
    ["every subdomain of a registry", "*.de\n", "everything"],
    ["half a JSON", '[{"url":"http://bad.example.com/"},{"url":"http', "incomplete"],
    ["fewer than its head says", "# count: 3\na.example.com\nb.example.com\n", "incomplete"],
    ["only comments", "# nothing\n! at all\n", "empty"],
    ["only names of this machine", "127.0.0.1 localhost\n", "empty"],
    ["no text", "", "empty"],
  ])("%s", (_, text, refusal) => {
    expect(read(text)).toMatchObject({ refusal });
  });

  test("another encoding", () => {
    expect(finish(parseList(new Uint8Array([0xff, 0xfe, 0x61, 0x00, 0x2e, 0x00])))).toEqual({ refusal: "encoding" });
    expect(finish(parseList(new Uint8Array([0x23, 0x20, 0xe4, 0x0a])))).toEqual({ refusal: "encoding" });
  });

  test("2,000,000 lines", () => {
    expect(read("a.example.com\n".repeat(2_000_000))).toEqual({ refusal: "tooLong", detail: String(2_000_001) });
    expect(MAX_LIST_LINES).toBeLessThan(2_000_000);
  });
});

test("a long list is read in steps, none of which takes more lines than a slice", () => {
  const text = Array.from({ length: 30_000 }, (_, i) => `${(i * 7919) % 30_011}.example.com`).join("\n");
  let [now, most] = [0, 0];
  const steps = parseList(bytes(text), () => {
    now++;
    return false;
  });
  let step = steps.next();
  for (; !step.done; step = steps.next()) {
    most = Math.max(most, now);
    now = 0;
  }
  expect(most).toBe(SLICE);
  expect(step.value).toMatchObject({ hosts: { length: 30_000 }, pages: [] });
});

test("what serves many people is left out and counted; a page on it is blocked alone", () => {
  const text =
    "github.io\nhttps://paypal.com/\nhttps://paypal.com/bad\nhttps://someone.github.io/\n0.0.0.0 printer\n10.1.2.3\nnot a host\n||x.example.com/path^\nsub.someone.github.io\n";
  expect(read(text)).toEqual({
    hosts: ["someone.github.io"],
    pages: ["paypal.com/bad"],
    refused: { shared: 1, popular: 1, local: 1, address: 1, syntax: 1, rule: 1, covered: 1 },
  });
});

test("who lists a well-known host for another reason than deceit means it", () => {
  expect(read("youtube.com\n", () => false)).toMatchObject({ hosts: ["youtube.com"] });
});
