import { expect, test } from "vitest";
import { ACCURATE_RATIO, FIT_MS, fitOf } from "../../../src/extension/options/models/fit.ts";

const time = (id: string, latencyMs: number) => ({ id: `${id}@1.0.0`, latencyMs, provider: "wasm" }) as const;
const light = time("nsfw-mobilenet-v2", 10);
const second = time("nsfw-open-nsfw", 20);

test.each([
  [
    "computed while it is not there",
    [light, second],
    { accurateMs: 10 * ACCURATE_RATIO, isMeasured: false, isFit: true },
  ],
  [
    "measured once it is",
    [light, second, time("nsfw-inception-v3", 90)],
    { accurateMs: 90, totalMs: 120, isMeasured: true },
  ],
  ["too slow", [time("nsfw-mobilenet-v2", FIT_MS / ACCURATE_RATIO), second], { isFit: false }],
  ["just fast enough", [light, time("nsfw-inception-v3", FIT_MS - 10)], { totalMs: FIT_MS, isFit: true }],
  ["counted with the user's own", [light, time("own", FIT_MS)], { isFit: false }],
])("the accurate set is %s", (_, measured, expected) => {
  expect(fitOf(measured)).toMatchObject(expected);
});

test("without the light network there is nothing to say", () => {
  expect(fitOf([second])).toBeUndefined();
});
