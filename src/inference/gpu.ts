import type { GpuReport, NoGpu } from "../core/provider.ts";
import { findAdapter, openDevice, webGpu } from "./adapter.ts";
import { differenceOnTiny } from "./self-check.ts";
import { within } from "./within.ts";

/** Two ways to add up float32 differ by about 1e-6; a card that computes something else differs by far more. */
const TOLERANCE = 1e-4;
/** A driver may compile its programs for seconds, the first time. */
const SELF_CHECK_MS = 10_000;

/** What came of trying the card; `device` only where it may be used. */
export interface GpuTrial {
  readonly report: GpuReport;
  readonly device?: GPUDevice;
}

/**
 * Looks for a graphics card and has it run the tiny network. A realm in which this answers `selfCheck` may hold a
 * runtime that is stuck, and should be given up.
 * @param mayBeSoftware lets an adapter through that is a program on the processor.
 */
export async function tryGpu(readTiny: () => Promise<Uint8Array>, mayBeSoftware = false): Promise<GpuTrial> {
  const gpu = webGpu();
  if (!gpu) return { report: { noGpu: "unsupported" } };
  const found = await findAdapter(gpu).catch(() => undefined);
  if (!found) return { report: { noGpu: "noAdapter" } };
  const { adapter, card } = found;
  if (card.isSoftware && !mayBeSoftware) return { report: { noGpu: "software", card } };
  try {
    const [device, tiny] = await Promise.all([openDevice(adapter), readTiny()]);
    const difference = await within(SELF_CHECK_MS, differenceOnTiny(tiny, device));
    if (difference <= TOLERANCE) return { report: { card, difference }, device };
    return { report: { noGpu: "selfCheck", card, difference } };
  } catch (error) {
    return { report: { noGpu: "selfCheck", card, detail: messageOf(error) } };
  }
}

/** A card that passed its self-check, in use. */
export interface Gpu {
  readonly device: GPUDevice;
  readonly features: readonly string[];
  /** Called once or more when the card can be trusted no longer; the realm is to be given up then. */
  giveUp(why: NoGpu, detail: string): void;
}

export function useGpu(device: GPUDevice, giveUp: Gpu["giveUp"]): Gpu {
  void device.lost.then(({ message }) => giveUp("lost", message));
  return { device, features: [...device.features], giveUp };
}

const RUN_MS = 10_000;

/**
 * Answers as `task` does; when it fails or takes too long, gives the card up and never settles, so that nothing can be
 * answered from a card that failed. Whoever is told ends this realm and does the work again in another.
 */
export async function orGiveUp<T>({ giveUp }: Pick<Gpu, "giveUp">, task: Promise<T>): Promise<T> {
  try {
    return await within(RUN_MS, task);
  } catch (error) {
    giveUp("failed", messageOf(error));
    return new Promise<never>(() => {});
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
