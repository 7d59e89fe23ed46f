import type { Care } from "../../core/care.ts";
import { ask, type Reloadable, useLoaded } from "./console.ts";

const readCare = () => ask("care", {});

/** What is remembered of reports and backups, and a way to add to it. */
export interface CareDesk {
  readonly loaded: Reloadable<Care>;
  readonly change: (change: Partial<Care>) => Promise<void>;
}

export function useCare(): CareDesk {
  const loaded = useLoaded(readCare);
  const change = async (changed: Partial<Care>) => {
    await ask("care", changed);
    loaded.reload();
  };
  return { loaded, change };
}
