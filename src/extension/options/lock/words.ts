import { type AuditChange, plainChange, type SaidChange } from "../../../core/audit.ts";
import type { Change } from "../../../core/lock/gate.ts";
import type { ClosingRule, LevelRule } from "../../../core/schedule.ts";
import { firstWeekday, locale, type MessageKey, t } from "../../browser.ts";
import { soon } from "../format.ts";
import { labelName } from "../label-words.ts";
import { duration, timeAt, weekday } from "../overview/words.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const moments = new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" });

const days = new Intl.NumberFormat(locale(), { style: "unit", unit: "day", unitDisplay: "long" });

/** A day and its time. */
export const momentOf = (at: number): string => moments.format(at);

/** What a change that waits will do, in a sentence. */
export function sayChange(change: Change): string {
  switch (change.kind) {
    case "setting":
      return sayWeakening(change.path, change.value);
    case "budget": {
      const minutes = change.minutes === null ? t("budgets_none") : duration(change.minutes * MINUTE_MS);
      return `${t("budgets_title")} (${wordOr(`class_${change.name}`, change.name)}): ${minutes}`;
    }
    case "list":
      return t("change_list");
    case "pack":
      return t(`change_pack_${change.change.kind}`);
    case "cooling":
      return `${t("cooling_title")}: ${hours(change.hours)}`;
    case "forget":
      return t("change_forget");
  }
}

function sayWeakening(path: string, value: unknown): string {
  const name = settingName(path);
  if (path === "pausedUntil") return `${name}: ${duration(Math.round((value as number) / MINUTE_MS) * MINUTE_MS)}`;
  if (!Array.isArray(value)) return `${name}: ${sayValue(path, value)}`;
  return `${name}: ${path === "schedule" ? t("change_fewer") : `+ ${value.join(", ")}`}`;
}

/** What a setting is called on its own page. */
export function settingName(path: string): string {
  return wordOr(`setting_${path.replace(".", "_")}`, path);
}

/** A setting's value as its own page says it. */
export function sayValue(path: string, value: unknown): string {
  if (value === null) return t("value_none");
  if (typeof value === "boolean") return t(value ? "value_on" : "value_off");
  if (path === "pausedUntil") return momentOf(value as number);
  if (typeof value === "string") return wordOr(`${path.split(".")[0]}_${value}`, value);
  if (Array.isArray(value)) return value.map((one) => sayEntry(one)).join("; ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function sayEntry(entry: unknown): string {
  const { level, closes, from, to, days } = entry as Partial<LevelRule & ClosingRule>;
  if (!(level || closes) || !days) return String(entry);
  const does = level ? t(`level_${level}`) : t("schedule_closed", (closes ?? []).map(labelName).join(", "));
  return `${does} ${t("schedule_hours", timeAt((from ?? 0) / 60), timeAt((to ?? 0) / 60))} (${daysText(days)})`;
}

/** The days of the week that a rule names. */
export function daysText(days: readonly number[]): string {
  if (days.length === 7) return t("schedule_daily");
  return WEEK.filter((day) => days.includes(day))
    .map((day) => weekday(day, "long"))
    .join(", ");
}

/** The days of a week in the reader's order, 0 is Sunday. */
export const WEEK = Array.from({ length: 7 }, (_, i) => (firstWeekday() + i) % 7);

/** An entry of the audit log in a line; as it stands where a journal from elsewhere holds what no version has written. */
export function sayAudit(change: AuditChange): SaidChange {
  try {
    return sayKnown(change);
  } catch {
    return plainChange(change);
  }
}

function sayKnown({ about, what, from, to }: AuditChange): SaidChange {
  const [was, is] = [parsed(from), parsed(to)];
  if (about === "lock") return sayLock(what, was, is);
  const subject = about === "settings" || about === "policy" ? settingName(what) : what;
  return { subject: `${t(`audit_${about}`)}: ${subject}`, change: between(what, was, is) };
}

function between(path: string, was: unknown, is: unknown): string {
  if (Array.isArray(was) || Array.isArray(is)) {
    const signed = (sign: string, list: unknown) => (Array.isArray(list) ? [`${sign} ${sayValue(path, list)}`] : []);
    return [...signed("−", was), ...signed("+", is)].join("; ");
  }
  if (was === undefined && is === undefined) return "";
  if (was === undefined) return typeof is === "object" ? t("audit_added") : sayValue(path, is);
  return is === undefined ? t("audit_removed") : `${sayValue(path, was)} → ${sayValue(path, is)}`;
}

const ACTS: Readonly<Record<string, MessageKey>> = { opened: "audit_opened", refused: "audit_refused" };
const SECRETS = ["passphrase", "code", "key"] as const;

function sayLock(what: string, was: unknown, is: unknown): SaidChange {
  const subject = t("audit_lock");
  const act = ACTS[what];
  if (act) return { subject, change: t(act) };
  const secret = SECRETS.find((one) => one === what);
  const became = was === undefined ? "set" : is === undefined ? "dropped" : "changed";
  if (secret) return { subject: `${subject}: ${t(`secret_${secret}`)}`, change: t(`audit_${became}`) };
  if (what === "coolingHours") return { subject: t("cooling_title"), change: `${hours(was)} → ${hours(is)}` };
  if (what === "lockdownUntil")
    return { subject: t("lockdown_title"), change: is ? momentOf(is as number) : t("value_none") };
  const pending = (is ?? was ?? {}) as { change?: Change; dueAt?: number };
  const said = pending.change ? sayChange(pending.change) : "";
  return is === undefined
    ? { subject: t("audit_pendingGone"), change: said }
    : { subject: t("audit_pending"), change: `${said}${pending.dueAt ? ` (${soon(pending.dueAt, Date.now())})` : ""}` };
}

/** A whole number of hours, in days where it is one of days. */
export function hours(value: unknown): string {
  const wanted = Number(value);
  if (!(wanted > 0)) return t("value_none");
  return wanted >= 48 && wanted % 24 === 0 ? days.format(wanted / 24) : duration(wanted * HOUR_MS);
}

/** What was written may have been cut off. */
function parsed(written: string | undefined): unknown {
  try {
    return written === undefined ? undefined : JSON.parse(written);
  } catch {
    return written;
  }
}

/** The word for a key that may be from a newer version. */
function wordOr(key: string, otherwise: string): string {
  return t(key as MessageKey) || otherwise;
}
