import { useEffect, useRef, useState } from "preact/hooks";
import { canonical } from "../../core/bytes.ts";
import type { Settings } from "../../core/policy.ts";
import { ask, messageOf } from "./console.ts";

type Patch = Partial<Settings>;

/** The settings as the user sees them: every change shows at once, and is taken back if it cannot be saved. */
export interface SettingsDesk {
  readonly settings: Settings | undefined;
  readonly error: string | undefined;
  /** Answers whether it was saved and holds by now. */
  readonly change: (patch: Patch) => Promise<boolean>;
  /** Tries the change that failed once more. */
  readonly retry: () => void;
  readonly dismiss: () => void;
}

interface Failed {
  readonly patch: Patch;
  readonly message: string;
}

/**
 * Changes are saved one after the other, so that the last one wins also when an answer is late.
 * @param onLater called where a change, or a part of it, has to wait before it holds
 */
export function useSettings(stored: Settings | undefined, onLater: () => void = () => {}): SettingsDesk {
  const [saved, setSaved] = useState(stored);
  const [pending, setPending] = useState<readonly Patch[]>([]);
  const [failed, setFailed] = useState<Failed>();
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  useEffect(() => setSaved(stored), [stored]);

  const save = async (patch: Patch) => {
    try {
      const now = await ask("settings", patch);
      setSaved(now);
      const isNow = Object.entries(patch).every(
        ([name, value]) => canonical(now[name as keyof Settings]) === canonical(value),
      );
      if (!isNow) onLater();
      return isNow;
    } catch (thrown) {
      setFailed({ patch, message: messageOf(thrown) });
      return false;
    } finally {
      setPending((patches) => patches.filter((other) => other !== patch));
    }
  };
  const change = (patch: Patch) => {
    setFailed(undefined);
    setPending((patches) => [...patches, patch]);
    const saving = queue.current.then(() => save(patch));
    queue.current = saving;
    return saving;
  };
  const dismiss = () => setFailed(undefined);
  const settings: Settings | undefined = saved && Object.assign({}, saved, ...pending);
  return { settings, error: failed?.message, change, retry: () => failed && void change(failed.patch), dismiss };
}
