import type { Random } from "../random.ts";
import { between, normal, oneOf, poisson } from "./chance.ts";
import type { Person } from "./person.ts";

/** A meeting with what the person would rather not see. Days count from 0; minutes since local midnight. */
export interface Meeting {
  readonly day: number;
  readonly minute: number;
  readonly minutes: number;
  readonly signs: number;
  readonly severity: number;
  readonly hasAddress: boolean;
  readonly wasContinued: boolean;
}
/** Time in front of a kind of place. */
export interface Sitting {
  readonly day: number;
  readonly minute: number;
  readonly minutes: number;
  readonly place: string;
}
/** Help that was offered at a meeting, and whether it helped. */
export interface Offer {
  readonly day: number;
  readonly minute: number;
  readonly hasHelped: boolean;
}
/** Something else that was withheld or marked, such as a phishing page. */
export interface Other {
  readonly day: number;
  readonly minute: number;
  readonly category: "phishing" | "injection" | "malware" | "scam";
}

/** An invented life: nobody's. */
export interface Life {
  readonly meetings: readonly Meeting[];
  readonly sittings: readonly Sitting[];
  readonly offers: readonly Offer[];
  readonly others: readonly Other[];
}

const PLACES = [
  "search",
  "social",
  "video",
  "chat",
  "mail",
  "news",
  "shopping",
  "work",
  "learning",
  "games",
  "unsorted",
];
const MEETING_SHARE = 0.35;

/** Lets a person live for so many days, of which the first is this weekday (0 is Sunday), hour by hour. */
export function live(person: Person, days: number, firstWeekday: number, random: Random): Life {
  const life = { meetings: [] as Meeting[], sittings: [] as Sitting[], offers: [] as Offer[], others: [] as Other[] };
  const weights = PLACES.map(() => 0.2 + random());
  let strain = 0;
  let echo = 0;
  for (let day = 0; day < days; day++) {
    strain = 0.75 * strain + 0.66 * normal(random);
    const bedtime = person.bedtime + 0.7 * strain + 0.3 * normal(random);
    life.sittings.push(...sittingsOf(person, day, bedtime, weights, random));
    life.others.push(...othersOf(day, random));
    const rate = rateOf(person, day, (firstWeekday + day) % 7, strain);
    let offers = 0;
    for (let hour = 0; hour < 24; hour++) {
      echo *= Math.exp(-1 / person.echoHours);
      const hazard = rate * around(person, hour) * (1 + echo);
      for (let n = Math.min(2, poisson(hazard, random)); n > 0; n--) {
        const meeting = meet(person, day, hour, random);
        life.meetings.push(meeting);
        echo += person.echo / (1 + 0.5 * echo);
        if (offers < 3 && random() < MEETING_SHARE) {
          offers += 1;
          life.offers.push({ day, minute: meeting.minute, hasHelped: random() < 0.5 - 0.2 * strain - 0.05 * echo });
        }
      }
    }
  }
  return life;
}

function rateOf(person: Person, day: number, weekday: number, strain: number): number {
  const { rate, drift, weekdays, holidays, escalation } = person;
  const holiday = holidays.find(({ from, to }) => day >= from && day <= to);
  const risen = escalation ? 1 + (escalation.rate - 1) * progress(person, day) : 1;
  const usual = rate * drift ** (day / 30) * (weekdays[weekday] ?? 1) * (holiday?.rate ?? 1);
  return (usual * risen * Math.exp(person.strain * strain - person.strain ** 2 / 2)) / (1 + 0.35 * person.echo);
}

function progress({ escalation }: Person, day: number): number {
  return escalation ? Math.min(1, Math.max(0, (day - escalation.day + 1) / escalation.overDays)) : 0;
}

/** The share of a day's meetings that begin in an hour. */
function around({ peaks, width, stray }: Person, hour: number): number {
  if (peaks.length === 0) return (hour >= 7 ? 1.35 : 0.1) / (17 * 1.35 + 0.7);
  const near = peaks.map((peak) => {
    const straight = Math.abs(hour + 0.5 - peak);
    const distance = Math.min(straight, 24 - straight);
    return Math.exp(-((distance / width) ** 2) / 2) / (width * Math.sqrt(2 * Math.PI));
  });
  const awake = hour >= 7 ? 1 / 17 : 0;
  return (1 - stray) * (near.reduce((sum, value) => sum + value, 0) / peaks.length) + stray * awake;
}

function meet(person: Person, day: number, hour: number, random: Random): Meeting {
  const risen = progress(person, day);
  const longer = 1 + ((person.escalation?.minutes ?? 1) - 1) * risen;
  const worse = (person.escalation?.severity ?? 0) * risen;
  const minutes = Math.min(150, person.minutes * longer * Math.exp(0.6 * normal(random)));
  const hasAddress = random() < 0.35;
  return {
    day,
    minute: Math.floor(60 * hour + 60 * random()),
    minutes,
    signs: 3 + poisson(Math.min(25, minutes / 2), random),
    severity: Math.min(0.99, Math.max(0.5, person.severity + worse + 0.06 * normal(random))),
    hasAddress,
    wasContinued: hasAddress && random() < 0.3,
  };
}

/** A morning, a lunch break, an evening until bedtime. */
function sittingsOf(person: Person, day: number, bedtime: number, weights: readonly number[], random: Random) {
  const starts = [between(7, 9, random), between(12, 13, random), between(17, 19.5, random)];
  const ends = [between(9, 11.5, random), between(13, 14, random), Math.max(20, bedtime)];
  const away = person.holidays.some(({ from, to, rate }) => day >= from && day <= to && rate < 1);
  return starts.flatMap((start, i) => {
    if (random() < (away ? 0.7 : 0.12)) return [];
    const sittings: Sitting[] = [];
    for (let hour = start; hour < (ends[i] ?? start); ) {
      const minutes = between(6, 35, random);
      const place = placeOf(weights, random);
      const minute = Math.floor(60 * hour);
      sittings.push({ day: day + Math.floor(minute / 1_440), minute: minute % 1_440, minutes, place });
      hour += (minutes + between(0, 8, random)) / 60;
    }
    return sittings;
  });
}

function placeOf(weights: readonly number[], random: Random): string {
  let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
  const found = PLACES.find((_, i) => {
    left -= weights[i] ?? 0;
    return left < 0;
  });
  return found ?? "unsorted";
}

function othersOf(day: number, random: Random): Other[] {
  return Array.from({ length: poisson(0.25, random) }, () => ({
    day,
    minute: Math.floor(between(480, 1_380, random)),
    category: oneOf(["phishing", "injection", "malware", "scam"] as const, random),
  }));
}
