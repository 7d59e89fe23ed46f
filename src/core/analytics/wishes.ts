import { WardlightError } from "../errors.ts";
import type { Moment } from "../types.ts";
import { areBudgets, type Budgets } from "./budget.ts";
import { HELPS, type HelpKind } from "./intervention.ts";

/** A person to turn to. */
export interface Ally {
  readonly name: string;
  /** A telephone number or an e-mail address. */
  readonly contact: string;
}

/** What the user wants of help in the moment, as it is stored. */
export interface Wishes {
  readonly kinds: readonly HelpKind[];
  readonly quietFrom: number;
  readonly quietTo: number;
  readonly ally: Ally | null;
  /** In the user's own words. */
  readonly goals: readonly string[];
  /** Until then nothing that was stopped can be opened, nor these hosts at all; null for not. */
  readonly heldUntil: Moment | null;
  readonly heldHosts: readonly string[];
  readonly budgets: Budgets;
}

export const DEFAULT_WISHES: Wishes = {
  kinds: HELPS,
  quietFrom: 0,
  quietTo: 0,
  ally: null,
  goals: [],
  heldUntil: null,
  heldHosts: [],
  budgets: {},
};

export const MAX_GOALS = 5;
export const MAX_WORDS = 300;
export const MAX_HOSTS = 50;
const HOST = /^[a-z0-9_.-]{1,253}$/;
const PHONE = /^\+?[0-9][0-9 ()/.-]{2,30}$/;
const MAIL = /^[^\s@<>"',;:?&#]{1,64}@[a-z0-9.-]{1,253}$/i;

/** Reads wishes from outside (storage, a message). Absent fields keep their default. @throws WardlightError `validation` */
export function parseWishes(value: unknown): Wishes {
  if (value === undefined || value === null) return DEFAULT_WISHES;
  const given = { ...DEFAULT_WISHES, ...(value as object) } as Record<keyof Wishes, unknown>;
  const { kinds, quietFrom, quietTo, ally, goals, heldUntil, heldHosts, budgets } = given;
  check(
    "kinds",
    isListOf(kinds, HELPS.length, (kind) => HELPS.includes(kind as HelpKind)),
  );
  for (const minute of [quietFrom, quietTo]) check("quiet hours", Number.isInteger(minute) && inDay(minute as number));
  check("ally", ally === null || isAlly(ally));
  check("goals", isListOf(goals, MAX_GOALS, isWords));
  check("heldUntil", heldUntil === null || Number.isFinite(heldUntil));
  check(
    "heldHosts",
    isListOf(heldHosts, MAX_HOSTS, (host) => typeof host === "string" && HOST.test(host)),
  );
  check("budgets", areBudgets(budgets));
  return { kinds, quietFrom, quietTo, ally, goals, heldUntil, heldHosts, budgets } as Wishes;
}

/** The kinds that can be offered: an ally needs a contact, a goal its words. */
export function offeredKinds({ kinds, ally, goals, heldUntil }: Wishes, now: Moment): HelpKind[] {
  const isSetUp: Partial<Record<HelpKind, boolean>> = {
    ally: ally !== null,
    goal: goals.length > 0,
    tonight: heldUntil === null || heldUntil <= now,
  };
  return kinds.filter((kind) => isSetUp[kind] ?? true);
}

/** The address that a click on an ally's contact opens; undefined where it is neither a number nor an e-mail address. */
export function linkTo(contact: string): string | undefined {
  if (MAIL.test(contact)) return `mailto:${contact}`;
  return PHONE.test(contact) ? `tel:${contact.replace(/[^+0-9]/g, "")}` : undefined;
}

/** Not empty, at most `MAX_WORDS` characters, without control characters but line breaks. */
export function isWords(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "" && value.length <= MAX_WORDS && !/[^\P{Cc}\n]/u.test(value);
}

function isAlly(value: unknown): value is Ally {
  const { name, contact } = (value ?? {}) as Partial<Record<keyof Ally, unknown>>;
  return isWords(name) && name.length <= 80 && typeof contact === "string" && linkTo(contact) !== undefined;
}

function inDay(minute: number): boolean {
  return minute >= 0 && minute < 1_440;
}

function isListOf(value: unknown, most: number, isSound: (one: unknown) => boolean): boolean {
  return Array.isArray(value) && value.length <= most && value.every(isSound);
}

function check(field: string, isSound: boolean): void {
  if (!isSound)
    throw new WardlightError("validation", `The wish for help "${field}" is not valid; nothing was changed.`);
}
