import { fromHex, toHex } from "../core/bytes.ts";
import type { Slot } from "../core/lock/lock.ts";
import { decrypt, encrypt } from "./seal.ts";

/** The lock's key: 32 random bytes, which each slot wraps and which itself wraps the journal's private key. */
export type LockKey = Uint8Array<ArrayBuffer>;

/** OWASP's figure for PBKDF2 with SHA-256 (2023). */
const ITERATIONS = 600_000;
const BOUND = "wardlight lock";

export function newLockKey(): LockKey {
  return crypto.getRandomValues(new Uint8Array(32));
}

/** Wraps the lock's key with a secret. @param iterations fewer only in tests */
export async function makeSlot(
  { kind, addedAt, credential }: Pick<Slot, "kind" | "addedAt" | "credential">,
  secret: string,
  key: LockKey,
  iterations = ITERATIONS,
): Promise<Slot> {
  const [salt, iv] = [crypto.getRandomValues(new Uint8Array(16)), crypto.getRandomValues(new Uint8Array(12))];
  const wrapped = await encrypt(key, iv, BOUND, await keyOf(secret, salt, iterations));
  const rest = credential === undefined ? {} : { credential };
  return { kind, addedAt, iterations, salt: toHex(salt), iv: toHex(iv), wrapped: toHex(wrapped), ...rest };
}

/** The lock's key; undefined where the secret is another one, or the slot was altered. */
export async function openSlot({ salt, iv, iterations, wrapped }: Slot, secret: string): Promise<LockKey | undefined> {
  const [salted, vector, sealed] = [fromHex(salt), fromHex(iv), fromHex(wrapped)];
  if (!salted || !vector || !sealed) return undefined;
  try {
    return new Uint8Array(await decrypt(sealed.buffer, vector, BOUND, await keyOf(secret, salted, iterations)));
  } catch {
    return undefined;
  }
}

/** Unicode's ways to write one letter (NFKC) make no difference. */
async function keyOf(secret: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<CryptoKey> {
  const typed = new TextEncoder().encode(secret.normalize("NFKC"));
  const base = await crypto.subtle.importKey("raw", typed, "PBKDF2", false, ["deriveKey"]);
  const parameters = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(parameters, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}
