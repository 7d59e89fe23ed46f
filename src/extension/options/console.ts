import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { t } from "../browser.ts";
import { type Protocol, send } from "../messages.ts";

type Door = Protocol["console"];

/** Asks the background. Unlike `send`, it also rejects when nobody answers. */
export async function ask<K extends keyof Door>(
  kind: K,
  request: Parameters<Door[K]>[0],
): Promise<ReturnType<Door[K]>> {
  const answer = (await send("console", kind, request as never)) as ReturnType<Door[K]> | undefined;
  if (answer === undefined) throw new Error(t("error_noAnswer"));
  return answer;
}

export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Something fetched: the last good value stays while a newer one is on its way or has failed to come. */
export interface Loaded<T> {
  readonly value?: T;
  readonly error?: string | undefined;
  readonly isLoading: boolean;
}

export interface Reloadable<T = unknown> extends Loaded<T> {
  readonly reload: () => void;
}

/** Loads now, whenever `load` changes (memoise it), and when the page gets the focus back. */
export function useLoaded<T>(load: () => Promise<T>): Reloadable<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ isLoading: true });
  const newest = useRef(0);
  const reload = useCallback(() => {
    newest.current += 1;
    const mine = newest.current;
    const settle = (change: Pick<Loaded<T>, "value" | "error">) => {
      // An answer that a newer question has overtaken is dropped.
      if (mine === newest.current) setLoaded((old) => ({ ...old, ...change, isLoading: false }));
    };
    setLoaded((old) => ({ ...old, isLoading: true }));
    load().then(
      (value) => settle({ value, error: undefined }),
      (thrown) => settle({ error: messageOf(thrown) }),
    );
  }, [load]);
  useEffect(() => {
    reload();
    addEventListener("focus", reload);
    return () => removeEventListener("focus", reload);
  }, [reload]);
  return { ...loaded, reload };
}
