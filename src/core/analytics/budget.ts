import type { DayTally } from "./day.ts";
import { HOST_CLASSES, type HostClass } from "./host-class.ts";

/** Minutes a day, by class of host; a class without one has all the time in the world. */
export type Budgets = Readonly<Partial<Record<HostClass, number>>>;

/** The classes that can have a budget: those that a table knows. */
export const BUDGETED = HOST_CLASSES.filter((name) => name !== "adult" && name !== "unsorted");

/** The classes whose time of the day is used up. */
export function spentOf(today: DayTally | undefined, budgets: Budgets): HostClass[] {
  return BUDGETED.filter((name) => {
    const minutes = budgets[name];
    return minutes !== undefined && (today?.activeByClass[name] ?? 0) >= minutes * 60_000;
  });
}

/** At most a day for each class, in whole minutes. */
export function areBudgets(value: unknown): value is Budgets {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([name, minutes]) =>
      BUDGETED.some((one) => one === name) && Number.isInteger(minutes) && minutes >= 1 && minutes <= 1_440,
  );
}
