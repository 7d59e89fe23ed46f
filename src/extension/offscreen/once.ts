import { WardlightError } from "../../core/errors.ts";
import type { FromWorker, ToWorker } from "./worker-protocol.ts";

/**
 * Asks one thing of a worker that lives for this alone, so that the one with the pictures is not disturbed.
 * @param read the answer in a message, or undefined for another message.
 * @throws WardlightError `model` when the worker stops, or has not answered after `limitMs`.
 */
export async function askOnce<T>(
  worker: Worker,
  requests: readonly ToWorker<never>[],
  read: (message: FromWorker) => T | undefined,
  limitMs: number,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      const failed = (detail: string) => reject(new WardlightError("model", detail));
      timer = setTimeout(() => failed(`There was no answer within ${limitMs / 1000} s.`), limitMs);
      worker.onerror = ({ message }) => failed(message);
      worker.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        const answer = read(data);
        if (answer !== undefined) resolve(answer);
      };
      for (const request of requests) worker.postMessage(request);
    });
  } finally {
    clearTimeout(timer);
    worker.terminate();
  }
}
