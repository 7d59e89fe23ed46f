import { WardlightError } from "../core/errors.ts";
import type { JournalDatabase } from "./journal-database.ts";
import type { LockKey } from "./lock-slots.ts";
import { decrypt, encrypt, importDataKey, newSealingPair, unwrapKey, type WrappedKey, wrapKey } from "./seal.ts";

/** The journal's pair under a lock: whoever has it can write; reading takes the lock's key. */
export interface LockedPair {
  readonly publicKey: CryptoKey;
  /** The private key (PKCS #8), sealed with the lock's key. */
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly sealed: ArrayBuffer;
}
export type SealingPair = CryptoKeyPair | LockedPair;

const CURVE = { name: "ECDH", namedCurve: "P-256" } as const;
const BOUND = "wardlight journal private key";

export function isLocked(pair: SealingPair): pair is LockedPair {
  return "sealed" in pair;
}

/** What reading a locked journal comes to. */
export class JournalLockedError extends WardlightError {
  constructor() {
    super("security", "The journal is locked: it is still written, but reading it takes what opens the lock.");
  }
}

/** The private key, usable and no longer to be taken out. @throws JournalLockedError without the lock's key */
export async function openPair(pair: SealingPair, key: LockKey | undefined): Promise<CryptoKeyPair> {
  if (!isLocked(pair)) return pair;
  if (!key) throw new JournalLockedError();
  const bytes = await decrypt(pair.sealed, pair.iv, BOUND, await importDataKey(key)).catch(() => {
    throw new JournalLockedError();
  });
  return { publicKey: pair.publicKey, privateKey: await importPrivate(bytes) };
}

/** A new pair that the lock's key alone opens, and its halves for once. */
async function newLockedPair(key: LockKey): Promise<{ pair: LockedPair; opened: CryptoKeyPair }> {
  const { publicKey, privateKey } = await crypto.subtle.generateKey(CURVE, true, ["deriveBits"]);
  const bytes = await crypto.subtle.exportKey("pkcs8", privateKey);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await encrypt(new Uint8Array(bytes), iv, BOUND, await importDataKey(key));
  return { pair: { publicKey, iv, sealed }, opened: { publicKey, privateKey: await importPrivate(bytes) } };
}

/** A fresh pair for an empty journal: under the lock where there is a key, else one that opens by itself. */
export async function freshPair(key: LockKey | undefined): Promise<SealingPair> {
  return key ? (await newLockedPair(key)).pair : newSealingPair();
}

/**
 * Puts the journal under a lock, or under another one. Its private key could so far not be taken out, so a new pair is made
 * and every data key wrapped anew to it, all at once; entries stay as they are.
 */
export async function lockJournal(db: JournalDatabase, old: CryptoKeyPair, key: LockKey): Promise<void> {
  for (;;) {
    const [ids, wrapped] = await Promise.all([db.getAllKeys("dataKeys"), db.getAll("dataKeys")]);
    const { pair } = await newLockedPair(key);
    const anew = await Promise.all(wrapped.map((one) => rewrapped(one, old.privateKey, pair.publicKey)));
    const transaction = db.transaction(["keys", "dataKeys"], "readwrite", { durability: "strict" });
    const [keys, dataKeys] = [transaction.objectStore("keys"), transaction.objectStore("dataKeys")];
    // Another context has added one in the meantime.
    const isSame = (await dataKeys.getAllKeys()).join() === ids.join();
    const writes = isSame ? [keys.put(pair, "sealing"), ...anew.map((one, i) => dataKeys.put(one, ids[i] ?? ""))] : [];
    await Promise.all([...writes, transaction.done]);
    if (isSame) return;
  }
}

/** Takes the journal out of its lock: the same private key, in the browser's store as before. */
export async function unlockJournalForGood(db: JournalDatabase, pair: SealingPair, key: LockKey): Promise<void> {
  await db.put("keys", await openPair(pair, key), "sealing");
}

/** What cannot be opened stays as it is, and is damaged as before. */
async function rewrapped(wrapped: WrappedKey, privateKey: CryptoKey, to: CryptoKey): Promise<WrappedKey> {
  try {
    return await wrapKey(await unwrapKey(wrapped, privateKey), to);
  } catch {
    return wrapped;
  }
}

function importPrivate(bytes: ArrayBuffer): Promise<CryptoKey> {
  return crypto.subtle.importKey("pkcs8", bytes, CURVE, false, ["deriveBits"]);
}
