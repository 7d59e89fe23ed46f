import { fromHex, toHex } from "../core/bytes.ts";
import type { Moment } from "../core/types.ts";
import type { LockKey } from "../storage/lock-slots.ts";
import { browser } from "./browser.ts";

/** In memory, for the extension's own contexts alone, as long as the browser runs. */
const KEY = "lock-key";

interface Kept {
  readonly key: string;
  readonly until: Moment;
}

/** The lock's key while the lock is open. */
export async function readLockKey(): Promise<LockKey | undefined> {
  const kept = await readKept();
  return kept && fromHex(kept.key);
}

/** Until when the lock is open; null where it is closed. */
export async function lockOpenUntil(): Promise<Moment | null> {
  return (await readKept())?.until ?? null;
}

/** Opens the lock in every context until a moment. */
export async function keepLockKey(key: LockKey, until: Moment): Promise<void> {
  await browser.storage.session.set({ [KEY]: { key: toHex(key), until } satisfies Kept });
}

export async function dropLockKey(): Promise<void> {
  await browser.storage.session.remove(KEY);
}

async function readKept(): Promise<Kept | undefined> {
  const kept = (await browser.storage.session.get(KEY))[KEY] as Kept | undefined;
  return kept && kept.until > Date.now() ? kept : undefined;
}
