import { openSession } from "./session.ts";

const DIMS = [1, 3, 32, 32] as const;

/**
 * Runs the tiny network on the device and on WebAssembly: the largest difference between their answers. The session on
 * the device stays open, since the runtime lets go of a device with its last session.
 */
export async function differenceOnTiny(bytes: Uint8Array, device: GPUDevice): Promise<number> {
  const network = { bytes, input: "input", output: "probs" };
  const onCard = await openSession(network, device);
  const ours = await onCard.run(wave(), DIMS);
  const onWasm = await openSession(network);
  const theirs = await onWasm.run(wave(), DIMS);
  await onWasm.close();
  if (ours.length !== theirs.length) return Number.POSITIVE_INFINITY;
  return ours.reduce((most, value, i) => Math.max(most, Math.abs(value - (theirs[i] ?? Number.NaN))), 0);
}

/** A picture by formula, in [0, 1]. */
function wave(): Float32Array {
  return Float32Array.from({ length: DIMS[1] * DIMS[2] * DIMS[3] }, (_, i) => 0.5 + 0.5 * Math.sin(0.37 * i));
}
