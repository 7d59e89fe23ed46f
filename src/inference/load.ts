import { type ModelRow, modelName, type ShippedFile } from "../core/catalog.ts";
import { failureOf, WardlightError } from "../core/errors.ts";

/** Reads a file of the package by its path under `models/`, each time anew: whoever asked may use it up. */
export type ReadModel = (path: string) => Promise<Uint8Array<ArrayBuffer>>;

/**
 * Reads a model's file and lets it through only when it is, byte for byte, the catalogued one.
 * @throws WardlightError `resource` when it cannot be read, `security` when size or SHA-256 differ.
 */
export async function loadModelFile(file: ShippedFile, read: ReadModel): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await read(file.path).catch((cause: unknown) => {
    throw new WardlightError("resource", `The model file ${file.path} cannot be read. Reinstall Wardlight.`, { cause });
  });
  if (bytes.byteLength !== file.bytes || (await sha256(bytes)) !== file.sha256) {
    throw new WardlightError(
      "security",
      `The model file ${file.path} is not the one that was shipped (its SHA-256 differs), so it is not used. Reinstall Wardlight.`,
    );
  }
  return bytes;
}

/** Lower-case hex. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** An error on opening says of which model it is, so that others are not blamed for it. */
export async function named<T>(row: Pick<ModelRow, "id" | "version">, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (cause) {
    const { code, message } = failureOf(cause);
    throw new WardlightError(code, message, { cause, model: modelName(row) });
  }
}
