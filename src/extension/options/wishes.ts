import { useState } from "preact/hooks";
import type { Wishes } from "../../core/analytics/wishes.ts";
import { ask, messageOf, type Reloadable, useLoaded } from "./console.ts";

const loadWishes = () => ask("wishes", {});

/** What the user wants of help and of time, and how to change it; a change that is refused says why. */
export function useWishes(onSaved: () => void = () => {}): {
  readonly loaded: Reloadable<Wishes>;
  readonly error: string | undefined;
  readonly change: (patch: Partial<Wishes>) => Promise<void>;
} {
  const loaded = useLoaded(loadWishes);
  const [error, setError] = useState<string>();
  const change = async (patch: Partial<Wishes>) => {
    setError(undefined);
    try {
      await ask("wishes", patch);
      onSaved();
    } catch (thrown) {
      setError(messageOf(thrown));
    }
    loaded.reload();
  };
  return { loaded, error, change };
}
