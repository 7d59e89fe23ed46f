import { toHex } from "../core/bytes.ts";
import type { Signer } from "../core/chain.ts";
import { Lru } from "../core/lru.ts";
import type { JournalDatabase, KeyName } from "./journal-database.ts";
import { isLocked, lockJournal, openPair, type SealingPair, unlockJournalForGood } from "./journal-lock.ts";
import type { LockKey } from "./lock-slots.ts";
import { dataKeyFromJson, importDataKey, newSealingPair, unwrapKey } from "./seal.ts";
import type { SessionKeep } from "./session-keep.ts";

const SIGNING = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const HASHED_NAME_DIGITS = 16;
const MAX_OPENED = 4_096;

/** The keys of a journal. None of them can be taken out of the browser's store; whoever runs this code can use them. */
export interface JournalKeys {
  readonly signer: Signer;
  /** What data keys are wrapped to. */
  publicKey(): Promise<CryptoKey>;
  /** Opens a data key; undefined where it is lost or altered. @throws JournalLockedError */
  dataKey(id: string): Promise<CryptoKey | undefined>;
  /** The data key that this session of the browser writes with, if it is that one: it takes no private key. */
  dataKeyAtHand(id: string): Promise<CryptoKey | undefined>;
  /** The same name for the same text until the journal is erased; nobody without the key can try names. */
  hashName(text: string): Promise<string>;
  /** Drops the keys that were opened. */
  forget(): void;
  /** Whether reading takes the key of a lock, at hand or not. */
  isLocked(): Promise<boolean>;
  /** Puts the journal under a lock, or takes it out. */
  lock(key: LockKey): Promise<void>;
  unlockForGood(key: LockKey): Promise<void>;
}

/** The key of the lock, where it is open; asked for whenever the journal's private key is needed. */
export type AskLockKey = () => Promise<LockKey | undefined>;

/** Makes what is missing; where another context was quicker, its key counts. Keys that erasing renews are read each time. */
export async function openKeys(db: JournalDatabase, askLockKey: AskLockKey, keep: SessionKeep): Promise<JournalKeys> {
  const device = (await keyOf(db, "device", newDevicePair)) as CryptoKeyPair;
  const sealing = async () => (await keyOf(db, "sealing", newSealingPair)) as SealingPair;
  await sealing();
  const privateKey = async () => {
    const pair = await sealing();
    return (await openPair(pair, isLocked(pair) ? await askLockKey() : undefined)).privateKey;
  };
  const dataKeys = new Lru<string, Promise<CryptoKey | undefined>>(MAX_OPENED);
  return {
    signer: await signerOf(device),
    publicKey: async () => (await sealing()).publicKey,
    dataKey(id) {
      const known = dataKeys.get(id) ?? openDataKey(db, id, privateKey);
      dataKeys.set(id, known);
      known.catch(() => dataKeys.delete(id));
      return known;
    },
    async dataKeyAtHand(id) {
      const kept = dataKeyFromJson(await keep.read());
      return kept?.id === id ? importDataKey(kept.raw) : undefined;
    },
    forget: () => dataKeys.clear(),
    isLocked: async () => isLocked(await sealing()),
    async lock(key) {
      const pair = await sealing();
      await lockJournal(db, await openPair(pair, isLocked(pair) ? await askLockKey() : undefined), key);
      dataKeys.clear();
    },
    unlockForGood: async (key) => unlockJournalForGood(db, await sealing(), key),
    async hashName(text) {
      const key = (await keyOf(db, "names", newNameKey)) as CryptoKey;
      const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(text));
      return `~${toHex(mac).slice(0, HASHED_NAME_DIGITS)}`;
    },
  };
}

function newDevicePair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(SIGNING, false, ["sign", "verify"]);
}

export function newNameKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

async function signerOf({ publicKey, privateKey }: CryptoKeyPair): Promise<Signer> {
  return {
    key: toHex(await crypto.subtle.exportKey("raw", publicKey)),
    sign: (bytes) => crypto.subtle.sign(SIGNING, privateKey, bytes),
  };
}

async function keyOf(db: JournalDatabase, name: KeyName, make: () => Promise<CryptoKeyPair | CryptoKey>) {
  const stored = await db.get("keys", name);
  if (stored) return stored;
  const fresh = await make();
  const { store, done } = db.transaction("keys", "readwrite");
  const keep = async () => {
    const theirs = await store.get(name);
    if (!theirs) await store.put(fresh, name);
    return theirs ?? fresh;
  };
  const [kept] = await Promise.all([keep(), done]);
  return kept;
}

async function openDataKey(db: JournalDatabase, id: string, privateKey: () => Promise<CryptoKey>) {
  const [wrapped, key] = await Promise.all([db.get("dataKeys", id), privateKey()]);
  try {
    return wrapped && (await importDataKey(await unwrapKey(wrapped, key)));
  } catch {
    return undefined;
  }
}
