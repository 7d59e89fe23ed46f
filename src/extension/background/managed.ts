import { type Managed, parseManaged } from "../../core/managed.ts";
import { browser } from "../browser.ts";

let known: Promise<Managed> | undefined;

/** What an organisation has set for this browser, read once and again when it changes. */
export function readManaged(): Promise<Managed> {
  known ??= read();
  return known;
}

/** Calls after the organisation has changed something. Register in the first tick. */
export function watchManaged(onChange: (before: unknown, after: unknown) => void): void {
  browser.storage.onChanged.addListener((changes, area) => {
    if (area !== "managed") return;
    known = undefined;
    const side = (name: "oldValue" | "newValue") =>
      Object.fromEntries(Object.entries(changes).map(([key, change]) => [key, change[name]]));
    onChange(side("oldValue"), side("newValue"));
  });
}

async function read(): Promise<Managed> {
  // Firefox rejects where nobody manages it.
  const stored = await browser.storage.managed.get().catch(() => ({}));
  return parseManaged(stored, (path) =>
    console.warn(`The organisation's setting "${path}" is not valid; it is ignored.`),
  );
}
