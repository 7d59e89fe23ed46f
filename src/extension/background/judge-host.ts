import type { Decision } from "../../core/decide.ts";
import type { GpuReport } from "../../core/provider.ts";
import type { Policy } from "../../core/types.ts";
import type { GpuCheck, JudgeState, Measurement, PackFile, PackTrial, TestResult, TextTest } from "../messages.ts";

/** Where the judge lives differs by browser; how the background treats it does not. */
export interface JudgeHost {
  /** Resolves when a judge listens and has this policy. */
  wake(policy: Policy): Promise<void>;
  /** Gives a living judge its new policy; a sleeping one learns it when it wakes. */
  update(policy: Policy): Promise<void>;
  state(): Promise<JudgeState>;
  /** Of a judge that is awake. */
  checkGpu(request: GpuCheck): Promise<GpuReport>;
  test(bytes: Uint8Array): Promise<TestResult>;
  testText(request: TextTest): Promise<Decision>;
  /** Has the judge forget every verdict on pictures, also what it wrote down. */
  forget(): Promise<void>;
  tryPack(file: PackFile): Promise<PackTrial>;
  measure(): Promise<readonly Measurement[]>;
}

export const NO_JUDGE: JudgeState = { models: [], judged: 0, recalled: { memory: 0, disk: 0, likeness: 0 }, reread: 0 };
