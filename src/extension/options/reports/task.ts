import { useState } from "preact/hooks";
import { messageOf } from "../console.ts";

/** One piece of work at a time, by name. */
export interface Task<Name extends string> {
  readonly busy: Name | undefined;
  readonly failed: { readonly name: Name; readonly message: string } | undefined;
  readonly run: (name: Name, work: () => Promise<void>) => Promise<void>;
}

export function useTask<Name extends string>(): Task<Name> {
  const [busy, setBusy] = useState<Name>();
  const [failed, setFailed] = useState<{ name: Name; message: string }>();
  const run = async (name: Name, work: () => Promise<void>) => {
    setBusy(name);
    setFailed(undefined);
    try {
      await work();
    } catch (thrown) {
      setFailed({ name, message: messageOf(thrown) });
    }
    setBusy(undefined);
  };
  return { busy, failed, run };
}
