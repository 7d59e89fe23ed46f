import { createContext } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { LockRequest, LockState } from "../../lock-messages.ts";
import { ask, messageOf, type Reloadable, useLoaded } from "../console.ts";
import { OWN } from "../life.ts";

/** The lock as own pages see it, and what can be asked of it. */
export interface LockDesk {
  readonly loaded: Reloadable<LockState>;
  /** Why the last wish was not granted, in the user's language. */
  readonly error: string | undefined;
  readonly dismiss: () => void;
  /** Answers whether it was done, or is to be. */
  readonly change: (request: LockRequest) => Promise<boolean>;
  /** Answers whether the lock is open. */
  readonly unlock: (secret: string) => Promise<boolean>;
}

/** The lock for whatever part of a page wants to know what holds. */
export const LockContext = createContext<LockState | undefined>(undefined);

const load = () => ask("lock", null);

export function useLock(): LockDesk {
  const loaded = useLoaded(load);
  const [error, setError] = useState<string>();
  const isClosed = loaded.value?.isJournalLocked === true;
  useEffect(() => {
    if (isClosed) void OWN.forgetKeys();
  }, [isClosed]);
  const attempt = async <T>(job: () => Promise<T>): Promise<T | undefined> => {
    setError(undefined);
    try {
      return await job();
    } catch (thrown) {
      setError(messageOf(thrown));
      return undefined;
    } finally {
      loaded.reload();
    }
  };
  return {
    loaded,
    error,
    dismiss: () => setError(undefined),
    change: async (request) => (await attempt(() => ask("changeLock", request))) !== undefined,
    unlock: async (secret) => (await attempt(() => ask("unlock", { secret }))) === true,
  };
}
