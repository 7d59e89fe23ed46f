import type { Probability } from "../types.ts";
import types from "./pii-types.json" with { type: "json" };

/**
 * What can be found, each with its weight in (0, 1]: 1 for what alone points to one person or opens an account, less for
 * what describes (a place, a date) and matters only beside that. On its own, so that who needs the names alone does not
 * load the rules.
 */
export const PII_TYPES: Readonly<Record<string, Probability>> = types;
