import { fromHex, toHex } from "../../../core/bytes.ts";
import { WardlightError } from "../../../core/errors.ts";

/**
 * A backup is one line of JSON in the clear, which says how it is encrypted, and then the bytes: gzip, then AES-256-GCM
 * with a key of the passphrase (PBKDF2-HMAC-SHA-256, RFC 8018). The line is authenticated with the bytes.
 */
interface Envelope {
  readonly format: "wardlight-backup";
  readonly formatVersion: 1;
  readonly iterations: number;
  readonly salt: string;
  readonly iv: string;
}

/** OWASP's figure for PBKDF2 with SHA-256. */
const ITERATIONS = 600_000;
const MAX_ITERATIONS = 10_000_000;
const MAX_LINE = 1_000;
export const LEAST_PASSPHRASE = 8;

export async function encryptBackup(lines: Iterable<string>, passphrase: string): Promise<Blob> {
  const [salt, iv] = [crypto.getRandomValues(new Uint8Array(16)), crypto.getRandomValues(new Uint8Array(12))];
  const envelope: Envelope = {
    format: "wardlight-backup",
    formatVersion: 1,
    iterations: ITERATIONS,
    salt: toHex(salt),
    iv: toHex(iv),
  };
  const line = new TextEncoder().encode(`${JSON.stringify(envelope)}\n`);
  const key = await keyOf(passphrase, salt, ITERATIONS);
  const packed = await new Response(streamOf(lines).pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: line }, key, packed);
  return new Blob([line, sealed], { type: "application/octet-stream" });
}

/** @throws WardlightError `validation` where the passphrase is another one, or the file is none or was altered. */
export async function decryptBackup(file: Blob, passphrase: string): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const end = bytes.subarray(0, MAX_LINE).indexOf(10) + 1;
  const line = bytes.slice(0, end);
  const { iterations, salt, iv } = envelopeOf(new TextDecoder().decode(line));
  try {
    const key = await keyOf(passphrase, salt, iterations);
    const packed = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: line }, key, bytes.slice(end));
    return await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  } catch (cause) {
    throw new WardlightError("validation", "The passphrase is another one, or the file was altered.", { cause });
  }
}

function envelopeOf(line: string) {
  try {
    const { format, formatVersion, iterations, ...rest } = JSON.parse(line) as Envelope;
    const [salt, iv] = [fromHex(rest.salt), fromHex(rest.iv)];
    const isSound = Number.isInteger(iterations) && iterations > 0 && iterations <= MAX_ITERATIONS;
    if (format === "wardlight-backup" && formatVersion === 1 && isSound && salt && iv) return { iterations, salt, iv };
  } catch {
    // It is no backup.
  }
  throw new WardlightError("validation", "The file is no backup of Wardlight, or one of a newer version.");
}

async function keyOf(passphrase: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<CryptoKey> {
  const typed = new TextEncoder().encode(passphrase.normalize("NFKC"));
  const base = await crypto.subtle.importKey("raw", typed, "PBKDF2", false, ["deriveKey"]);
  const parameters = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(parameters, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

const GATHERED = 1_000;

function streamOf(lines: Iterable<string>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = lines[Symbol.iterator]();
  const encoder = new TextEncoder();
  return new ReadableStream({
    pull(controller) {
      let text = "";
      for (let i = 0; i < GATHERED; i++) {
        const next = iterator.next();
        if (!next.done) text += next.value;
        else if (text === "") return controller.close();
        else break;
      }
      controller.enqueue(encoder.encode(text));
    },
  });
}
