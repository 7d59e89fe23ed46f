import { fromHex, toHex } from "../core/bytes.ts";

/**
 * Sealing to a public key, in two steps: entries are encrypted with a data key (AES-256-GCM), and the data key to the
 * journal's public key (ECIES: ephemeral ECDH on P-256, HKDF-SHA-256, AES-256-GCM). Whoever has the public key can write;
 * reading takes the private one.
 */
export interface WrappedKey {
  /** The ephemeral public point, uncompressed. */
  readonly point: ArrayBuffer;
  readonly wrapped: ArrayBuffer;
}

const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;
const AES = { name: "AES-GCM", length: 256 } as const;
/** Each wrapping key is used once. */
const ZERO_IV = new Uint8Array(12);

export async function wrapKey(raw: Uint8Array<ArrayBuffer>, to: CryptoKey): Promise<WrappedKey> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const point = await crypto.subtle.exportKey("raw", publicKey);
  const key = await agreed(privateKey, to, point);
  return { point, wrapped: await crypto.subtle.encrypt({ name: "AES-GCM", iv: ZERO_IV }, key, raw) };
}

/** @throws OperationError where the private key is another one, or the wrapped key was altered. */
export async function unwrapKey(
  { point, wrapped }: WrappedKey,
  privateKey: CryptoKey,
): Promise<Uint8Array<ArrayBuffer>> {
  const theirs = await crypto.subtle.importKey("raw", point, CURVE, true, []);
  const key = await agreed(privateKey, theirs, point);
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: ZERO_IV }, key, wrapped));
}

async function agreed(mine: CryptoKey, theirs: CryptoKey, point: ArrayBuffer): Promise<CryptoKey> {
  const secret = await crypto.subtle.deriveBits({ name: "ECDH", public: theirs }, mine, 256);
  const base = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const info = new TextEncoder().encode("wardlight journal data key");
  return crypto.subtle.deriveKey({ name: "HKDF", hash: "SHA-256", salt: point, info }, base, AES, false, [
    "encrypt",
    "decrypt",
  ]);
}

export function newSealingPair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
}

export function importDataKey(raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", raw, AES, false, ["encrypt", "decrypt"]);
}

/** The key that entries are sealed with, until the browser ends or a new day begins. */
export interface DataKey {
  readonly id: string;
  /** UTC, see `dayOf`. */
  readonly day: string;
  readonly raw: Uint8Array<ArrayBuffer>;
}

export function newDataKey(day: string): DataKey {
  return { id: crypto.randomUUID(), day, raw: crypto.getRandomValues(new Uint8Array(32)) };
}

/** For a store that holds JSON. */
export function dataKeyToJson({ id, day, raw }: DataKey): unknown {
  return { id, day, raw: toHex(raw) };
}

export function dataKeyFromJson(value: unknown): DataKey | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, day, raw } = value as Record<string, unknown>;
  const bytes = fromHex(raw);
  return typeof id === "string" && typeof day === "string" && bytes?.length === 32
    ? { id, day, raw: bytes }
    : undefined;
}

/** @param bound what the text belongs to: opening it for anything else fails. */
export function encrypt(text: Uint8Array<ArrayBuffer>, iv: Uint8Array<ArrayBuffer>, bound: string, key: CryptoKey) {
  return crypto.subtle.encrypt(gcm(iv, bound), key, text);
}

/** @throws OperationError where anything of it was altered. */
export function decrypt(sealed: ArrayBuffer, iv: Uint8Array<ArrayBuffer>, bound: string, key: CryptoKey) {
  return crypto.subtle.decrypt(gcm(iv, bound), key, sealed);
}

function gcm(iv: Uint8Array<ArrayBuffer>, bound: string): AesGcmParams {
  return { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(bound) };
}
