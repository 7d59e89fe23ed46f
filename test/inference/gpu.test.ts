import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { NoGpu } from "../../src/core/provider.ts";

const differenceOnTiny = vi.fn<() => Promise<number>>();
vi.mock("../../src/inference/self-check.ts", () => ({ differenceOnTiny }));
const { orGiveUp, tryGpu, useGpu } = await import("../../src/inference/gpu.ts");

const INFO = { vendor: "acme", architecture: "fast-1", device: "", description: "", isFallbackAdapter: false };
const LOST = new Promise<GPUDeviceLostInfo>(() => {});

/** A graphics card as the browser shows it, as far as it is looked at. */
function fakeGpu({ info = {}, features = ["shader-f16"], canOpen = true, hasAdapter = true } = {}) {
  const adapter = {
    info: { ...INFO, ...info },
    features: new Set(features),
    limits: { maxBufferSize: 1024 },
    requestDevice: vi.fn(async ({ requiredFeatures }: GPUDeviceDescriptor) => {
      if (!canOpen) throw new Error("no memory");
      return { features: new Set(requiredFeatures), lost: LOST };
    }),
  };
  vi.stubGlobal("navigator", { gpu: { requestAdapter: async () => (hasAdapter ? adapter : null) } });
  return adapter;
}
const readTiny = async () => new Uint8Array();

beforeEach(() => {
  vi.stubGlobal("WebAssembly", Object.assign(Object.create(WebAssembly), { Suspending: class {} }));
  differenceOnTiny.mockReset().mockResolvedValue(1e-6);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("the graphics card", () => {
  test("is used when it computes the tiny network right, with the features that it has", async () => {
    const adapter = fakeGpu({ features: ["timestamp-query", "shader-f16"] });
    const { device, report } = await tryGpu(readTiny);
    expect(report).toEqual({
      difference: 1e-6,
      card: { name: "acme fast-1", isSoftware: false, features: ["shader-f16", "timestamp-query"] },
    });
    expect(adapter.requestDevice.mock.lastCall?.[0]).toMatchObject({
      requiredFeatures: ["shader-f16"],
      requiredLimits: { maxBufferSize: 1024 },
    });
    expect(device && useGpu(device, () => {}).features).toEqual(["shader-f16"]);
  });

  test.each([{}, { gpu: undefined }])("is not looked for where the browser has %j", async (navigator) => {
    vi.stubGlobal("navigator", navigator);
    expect(await tryGpu(readTiny)).toEqual({ report: { noGpu: "unsupported" } });
  });

  test("is not looked for without JSPI", async () => {
    fakeGpu();
    vi.stubGlobal("WebAssembly", {});
    expect(await tryGpu(readTiny)).toEqual({ report: { noGpu: "unsupported" } });
  });

  test("counts as none when there is no adapter", async () => {
    fakeGpu({ hasAdapter: false });
    expect(await tryGpu(readTiny)).toEqual({ report: { noGpu: "noAdapter" } });
  });

  test.each([
    { isFallbackAdapter: true },
    { vendor: "google", architecture: "swiftshader" },
    { vendor: "mesa", description: "llvmpipe (LLVM 15.0.6, 256 bits)" },
    { vendor: "microsoft", architecture: "warp" },
    { description: "Microsoft Basic Render Driver" },
  ])("counts as none when it is a program: %j", async (info) => {
    fakeGpu({ info });
    expect(await tryGpu(readTiny)).toMatchObject({ report: { noGpu: "software", card: { isSoftware: true } } });
    expect(differenceOnTiny).not.toHaveBeenCalled();
    expect(await tryGpu(readTiny, true)).toMatchObject({ report: { difference: 1e-6 }, device: {} });
  });

  test.each([
    { vendor: "intel", architecture: "gen-12lp", description: "Mesa Intel(R) Xe Graphics" },
    { vendor: "amd", architecture: "rdna-3", description: "AMD Radeon RX 7800 (RADV NAVI32)" },
    { vendor: "nvidia", architecture: "hopper" },
    { vendor: "", architecture: "" },
  ])("counts as one when it is one: %j", async (info) => {
    fakeGpu({ info });
    expect((await tryGpu(readTiny)).report.noGpu).toBeUndefined();
  });

  test.each([2e-4, Number.NaN, Number.POSITIVE_INFINITY])(
    "is refused when its numbers differ by %d",
    async (difference) => {
      fakeGpu();
      differenceOnTiny.mockResolvedValue(difference);
      const { report, device } = await tryGpu(readTiny);
      expect([report.noGpu, report.difference, device]).toEqual(["selfCheck", difference, undefined]);
    },
  );

  test("is refused with the cause when its device, the file or the run fails", async () => {
    fakeGpu({ canOpen: false });
    expect((await tryGpu(readTiny)).report).toMatchObject({ noGpu: "selfCheck", detail: "no memory" });
    fakeGpu();
    const unreadable = () => Promise.reject(new Error("altered"));
    expect((await tryGpu(unreadable)).report).toMatchObject({ noGpu: "selfCheck", detail: "altered" });
    differenceOnTiny.mockRejectedValue(new Error("shader"));
    expect((await tryGpu(readTiny)).report).toMatchObject({ noGpu: "selfCheck", detail: "shader" });
  });

  test("is refused when it never answers", async () => {
    vi.useFakeTimers();
    fakeGpu();
    differenceOnTiny.mockReturnValue(new Promise(() => {}));
    const trial = tryGpu(readTiny);
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await trial).report).toMatchObject({ noGpu: "selfCheck", detail: "There was no answer within 10 s." });
  });
});

describe("a card in use", () => {
  const giveUp = vi.fn<(why: NoGpu, detail: string) => void>();
  beforeEach(() => void giveUp.mockReset());

  test("answers as long as it works", async () => {
    expect(await orGiveUp({ giveUp }, Promise.resolve(7))).toBe(7);
    expect(giveUp).not.toHaveBeenCalled();
  });

  test.each([
    { name: "fails", task: () => Promise.reject(new Error("out of memory")), detail: "out of memory" },
    { name: "hangs", task: () => new Promise(() => {}), detail: "There was no answer within 10 s." },
  ])("is given up when a run $name, and that run is never answered", async ({ task, detail }) => {
    vi.useFakeTimers();
    const settled = vi.fn();
    void orGiveUp({ giveUp }, task()).finally(settled);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(giveUp.mock.calls).toEqual([["failed", detail]]);
    expect(settled).not.toHaveBeenCalled();
  });

  test("is given up when the browser loses it", async () => {
    const lost = Promise.resolve({ reason: "unknown", message: "driver reset" });
    useGpu({ features: new Set(), lost } as unknown as GPUDevice, giveUp);
    await vi.waitFor(() => expect(giveUp.mock.calls).toEqual([["lost", "driver reset"]]));
  });
});
