import { WardlightError } from "./errors.ts";
import { fields, list, matching, number, oneOf, text } from "./fields.ts";
import { ID, type PackCard, VERSION } from "./pack.ts";
import { CATEGORIES, type PackPin, type Policy } from "./types.ts";

const SHA256 = /^[0-9a-f]{64}$/;

/** What the user pins when they trust a pack. */
export function pinOf(card: PackCard, sha256: string, bytes: number, addedAt: number): PackPin {
  const { id, version, name, license, source, about, weight } = card;
  const categories = CATEGORIES.filter((category) => card.positive[category] !== undefined);
  return { id, version, name, license, source, about, categories, weight, sha256, bytes, addedAt, isEnabled: true };
}

/** So many packs at most, each of which takes memory while it works. */
const MAX_PACKS = 8;

/**
 * Reads the packs that the user trusts, from storage or a message.
 * @throws WardlightError `validation`.
 */
export function parsePins(value: unknown): PackPin[] {
  return list(value ?? [], "packs", 0, MAX_PACKS).map(parsePin);
}

function parsePin(value: unknown): PackPin {
  const known = [
    ...["id", "version", "name", "license", "source", "about", "categories", "weight"],
    ...["sha256", "bytes", "addedAt", "isEnabled"],
  ];
  const pin = fields(value, "pack", known);
  return {
    id: matching(pin.id, "id", ID, "a pack's id"),
    version: matching(pin.version, "version", VERSION, "a version"),
    name: text(pin.name, "name", 100),
    license: text(pin.license, "license", 100),
    source: text(pin.source, "source", 500),
    about: pin.about === "" ? "" : text(pin.about, "about", 10_000),
    categories: list(pin.categories, "categories", 1, CATEGORIES.length).map((one) =>
      oneOf(one, "categories", CATEGORIES),
    ),
    weight: number(pin.weight, "weight", 0.1, 1),
    sha256: matching(pin.sha256, "sha256", SHA256, "64 hexadecimal digits"),
    bytes: number(pin.bytes, "bytes", 1, Number.MAX_SAFE_INTEGER),
    addedAt: number(pin.addedAt, "addedAt", 0, Number.MAX_SAFE_INTEGER),
    isEnabled: pin.isEnabled === true,
  };
}

/** What the user does with packs. */
export type PackChange =
  | { readonly kind: "add"; readonly pin: PackPin }
  | { readonly kind: "enable"; readonly sha256: string; readonly isEnabled: boolean }
  | { readonly kind: "remove"; readonly sha256: string };

/**
 * The trusted packs after a change.
 * @param taken ids that a pack must not call itself: those of the packaged models.
 * @throws WardlightError `validation` where a pack's id is taken, or there are too many.
 */
export function withChange(pins: readonly PackPin[], change: PackChange, taken: readonly string[]): PackPin[] {
  if (change.kind === "remove") return pins.filter(({ sha256 }) => sha256 !== change.sha256);
  if (change.kind === "enable") {
    return pins.map((pin) => (pin.sha256 === change.sha256 ? { ...pin, isEnabled: change.isEnabled } : pin));
  }
  const pin = parsePin(change.pin);
  if (pins.some(({ sha256 }) => sha256 === pin.sha256)) return [...pins];
  if (taken.includes(pin.id)) throw new WardlightError("validation", `"${pin.id}" is the name of a packaged model.`);
  if (pins.some(({ id }) => id === pin.id)) {
    throw new WardlightError("validation", `Another pack called "${pin.id}" is there already: remove it first.`);
  }
  if (pins.length >= MAX_PACKS) throw new WardlightError("validation", `There are ${MAX_PACKS} packs already.`);
  return [...pins, pin];
}

/** A policy with the packs that may be asked, and their weights in the vote. */
export function withPacks(policy: Policy, packs: readonly PackPin[]): Policy {
  const weights = Object.fromEntries(packs.map((pin) => [packDetectorId(pin), pin.weight]));
  return { ...policy, packs, weights: { ...policy.weights, ...weights } };
}

/** The id of a pack's detector: never that of a packaged network, with which it would share a vote. */
export function packDetectorId({ id }: { readonly id: string }): string {
  return `image/pack/${id}`;
}
