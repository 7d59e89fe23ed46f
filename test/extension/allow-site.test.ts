import { beforeEach, expect, test, vi } from "vitest";
import { DEFAULT_SETTINGS, type Settings } from "../../src/core/policy.ts";

const told: unknown[] = [];
vi.mock("webextension-polyfill", () => ({
  default: { tabs: { sendMessage: async (...message: unknown[]) => void told.push(message) } },
}));
const { allowSite } = await import("../../src/extension/background/allow-site.ts");

const tab = (rest: object) => ({ id: 7, incognito: false, url: "https://news.example/a", ...rest }) as never;
const changes: Partial<Settings>[] = [];
const change = async (wanted: Partial<Settings>) => {
  changes.push(wanted);
  return { ...DEFAULT_SETTINGS, ...wanted };
};
const settings = { ...DEFAULT_SETTINGS, allowlist: ["art.example", "news.example"] };

beforeEach(() => {
  told.length = 0;
  changes.length = 0;
});

test("the tab's own host is exempted once, and every frame of the tab hears of it", async () => {
  await allowSite(tab({}), DEFAULT_SETTINGS, change);
  await allowSite(tab({}), settings, change);
  expect(changes).toEqual([{ allowlist: ["news.example"] }, { allowlist: ["art.example", "news.example"] }]);
  const release = { kind: "release", request: null };
  const doors = ["texts", "page", "texts", "page"];
  expect(told).toEqual(doors.map((door) => [7, { door, ...release }]));
});

test("where the exemption has to wait, nothing is shown yet", async () => {
  await allowSite(tab({}), DEFAULT_SETTINGS, async () => DEFAULT_SETTINGS);
  expect(told).toEqual([]);
});

test.each([{ incognito: true }, { url: "chrome://settings" }, { url: undefined }, { id: undefined }])(
  "%j can exempt nothing",
  async (rest) => {
    await expect(allowSite(tab(rest), settings, change)).rejects.toMatchObject({ code: "security" });
    expect([changes, told]).toEqual([[], []]);
  },
);
