import { WardlightError } from "../../core/errors.ts";
import type { Failure, PackPin } from "../../core/types.ts";
import type { Measurement, PackFile, PackTrial } from "../messages.ts";
import { askOnce } from "./once.ts";

/** A large network on a slow processor takes a while to be opened. */
const LIMIT_MS = 120_000;

/** Tries a pack in a worker of its own. @throws WardlightError with what is wrong with it. */
export async function tryPack(worker: Worker, { sha256 }: Pick<PackFile, "sha256">): Promise<PackTrial> {
  const read = await askOnce(
    worker,
    [{ kind: "tryPack", sha256 }],
    (message) => (message.kind === "triedPack" ? message.trial : undefined),
    LIMIT_MS,
  );
  return sound(read);
}

/** Measures the networks in use, in a worker of its own. */
export async function measure(worker: Worker, packs: readonly PackPin[]): Promise<readonly Measurement[]> {
  const read = await askOnce(
    worker,
    [{ kind: "packs", packs }, { kind: "measure" }],
    (message) => (message.kind === "measured" ? message.measured : undefined),
    LIMIT_MS,
  );
  return sound(read);
}

function sound<T extends object>(answer: T | Failure): T {
  if ("code" in answer) throw new WardlightError(answer.code, answer.message);
  return answer;
}
