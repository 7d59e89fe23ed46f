import { toHex } from "../core/bytes.ts";
import type { Signer } from "../core/chain.ts";
import { Lru } from "../core/lru.ts";
import type { JournalDatabase, KeyName } from "./journal-database.ts";
import { importDataKey, newSealingPair, unwrapKey } from "./seal.ts";

const SIGNING = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const HASHED_NAME_DIGITS = 16;
const MAX_OPENED = 4_096;

/** The keys of a journal. None of them can be taken out of the browser's store; whoever runs this code can use them. */
export interface JournalKeys {
  readonly signer: Signer;
  /** What data keys are wrapped to. */
  publicKey(): Promise<CryptoKey>;
  /** Opens a data key; undefined where it is lost or altered. */
  dataKey(id: string): Promise<CryptoKey | undefined>;
  /** The same name for the same text until the journal is erased; nobody without the key can try names. */
  hashName(text: string): Promise<string>;
  /** Drops the data keys that were opened. */
  forget(): void;
}

/** Makes what is missing; where another context was quicker, its key counts. Keys that erasing renews are read each time. */
export async function openKeys(db: JournalDatabase): Promise<JournalKeys> {
  const device = (await keyOf(db, "device", newDevicePair)) as CryptoKeyPair;
  const sealing = async () => (await keyOf(db, "sealing", newSealingPair)) as CryptoKeyPair;
  await sealing();
  const dataKeys = new Lru<string, Promise<CryptoKey | undefined>>(MAX_OPENED);
  return {
    signer: await signerOf(device),
    publicKey: async () => (await sealing()).publicKey,
    dataKey(id) {
      const known = dataKeys.get(id) ?? openDataKey(db, id, sealing);
      dataKeys.set(id, known);
      return known;
    },
    forget: () => dataKeys.clear(),
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

async function openDataKey(db: JournalDatabase, id: string, sealing: () => Promise<CryptoKeyPair>) {
  const wrapped = await db.get("dataKeys", id);
  try {
    return wrapped && (await importDataKey(await unwrapKey(wrapped, (await sealing()).privateKey)));
  } catch {
    return undefined;
  }
}
