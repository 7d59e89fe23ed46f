import { WardlightError } from "../../core/errors.ts";
import { hostOf } from "../../core/host.ts";
import type { Settings } from "../../core/policy.ts";
import { redact, restore } from "../../core/text/redaction.ts";
import type { Runtime } from "../browser.ts";
import type { DraftDoor, Pairs } from "../draft-messages.ts";
import type { Handlers } from "../messages.ts";

/** A content script asks with no more than it may have judged. */
const MAX_TEXT = 1_000_000;
const MAX_PIECES = 20_000;

/**
 * What content scripts ask about drafts. The host is the tab's as the browser knows it; texts and mappings pass through
 * and are kept nowhere.
 */
export function draftsDoor(
  readSettings: () => Promise<Settings>,
  change: (change: Partial<Settings>) => Promise<unknown>,
): Pick<Handlers<"guard">, keyof DraftDoor> {
  return {
    async quietSite(_, { tab }: Runtime.MessageSender) {
      const host = hostOf(tab?.url ?? "");
      if (tab?.incognito !== false || !host)
        throw new WardlightError("security", "This tab shows no site whose drafts could be left alone for good.");
      const { quietSites } = await readSettings();
      await change({ quietSites: [...new Set([...quietSites, host])].sort() });
    },
    redact({ text, pieces, known }) {
      if (!isText(text) || !isList(pieces) || !pieces.every(isPiece)) throw invalid();
      const redacted = redact(text, pieces, mappingOf(known));
      return { text: redacted.text, mapping: [...redacted.mapping] };
    },
    restore({ text, mapping }) {
      if (!isText(text)) throw invalid();
      return restore(text, mappingOf(mapping));
    },
  };
}

function mappingOf(pairs: Pairs): ReadonlyMap<string, string> {
  const isPair = (pair: unknown) => Array.isArray(pair) && pair.length === 2 && pair.every(isText);
  if (!isList(pairs) || !pairs.every(isPair)) throw invalid();
  return new Map(pairs);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= MAX_TEXT;
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length <= MAX_PIECES;
}

function isPiece(value: unknown): boolean {
  const { start, end, type } = (value ?? {}) as Record<string, unknown>;
  return Number.isInteger(start) && Number.isInteger(end) && typeof type === "string" && /^[A-Z_]{1,40}$/.test(type);
}

function invalid(): WardlightError {
  return new WardlightError("validation", "A page asked for a redaction of the wrong shape or size.");
}
