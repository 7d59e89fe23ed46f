import { describe, expect, test } from "vitest";
import { DEFAULT_JOURNAL } from "../../../src/core/journal-settings.ts";
import { redact } from "../../../src/core/report/redact.ts";
import { tally, verdict } from "./events.ts";

const hashName = async (host: string) => `~${host.length}`;

describe("redact", () => {
  test("keeps everything by default", async () => {
    const events = [verdict(), tally()];
    expect(await redact(events, DEFAULT_JOURNAL, hashName)).toEqual(events);
  });

  test("drops what came of chosen hosts and their subdomains, and of no other", async () => {
    const sites = ["bank.example", "www.bank.example", "notbank.example", "example"];
    const events = sites.map((site, i) => verdict({ id: `${i}`, site }));
    const kept = await redact(events, { ...DEFAULT_JOURNAL, unrecorded: ["bank.example"] }, hashName);
    expect(kept.map(({ site }) => site)).toEqual(["notbank.example", "example"]);
  });

  test("hashed: no host, address or word of the page is left, but what was found and done", async () => {
    const secret = "secret-host";
    const event = verdict({
      site: `${secret}.example`,
      label: `https://${secret}.example/path`,
      evidence: [
        { kind: "rule", rule: "list/adult", value: `${secret}.example`, detector: "url/blocklist" },
        { kind: "span", start: 0, end: 4, rule: "ignore", detector: "text/patterns" },
        { kind: "class", name: "porn", score: 0.9, detector: "image/nsfw" },
      ],
      failure: { code: "resource", message: `https://${secret}.example/ is gone.` },
    });
    const kept = await redact(
      [event, tally({ site: `${secret}.example` })],
      { ...DEFAULT_JOURNAL, siteNames: "hashed" },
      hashName,
    );
    expect(JSON.stringify(kept)).not.toContain(secret);
    expect(kept[0]).toMatchObject({ category: "sexual", score: 0.91, action: "blur", failure: { code: "resource" } });
    expect(kept.map(({ site }) => site)).toEqual(["~19", "~19"]);
  });
});
