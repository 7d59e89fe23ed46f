import type { Failure, FailureCode } from "./types.ts";

/** An error whose cause is known: the message says what happened, to what, and what to do about it. */
export class WardlightError extends Error {
  readonly code: FailureCode;
  readonly model: string | undefined;

  constructor(code: FailureCode, message: string, { model, ...options }: ErrorOptions & { model?: string } = {}) {
    super(message, options);
    this.name = "WardlightError";
    this.code = code;
    this.model = model;
  }
}

/** Turns whatever was thrown into data that can cross contexts; an unknown cause counts as the model's. */
export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof WardlightError) {
    const { code, message, model } = thrown;
    return { code, message, ...(model === undefined ? {} : { model }) };
  }
  return { code: "model", message: thrown instanceof Error ? thrown.message : String(thrown) };
}
