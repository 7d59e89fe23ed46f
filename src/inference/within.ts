import { WardlightError } from "../core/errors.ts";

/** @throws WardlightError `model` when the task has not settled after so many milliseconds; it is not stopped. */
export async function within<T>(ms: number, task: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new WardlightError("model", `There was no answer within ${ms / 1000} s.`)), ms);
  });
  try {
    return await Promise.race([task, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
