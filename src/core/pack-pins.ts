import { WardlightError } from "./errors.ts";
import { fields, list, matching, number, oneOf, text } from "./fields.ts";
import { ID, type PackCard, VERSION } from "./pack.ts";
import { CATEGORIES, type PackPin, type Policy } from "./types.ts";

const SHA256 = /^[0-9a-f]{64}$/;

/** What the user pins when they trust a pack. */
export function pinOf(card: PackCard, sha256: string, bytes: number, addedAt: number): PackPin {
  const { id, version, name, license, source, about } = card;
  const told = { id, version, name, license, source, about };
  const pinned = { sha256, bytes, addedAt, isEnabled: true };
  if (card.kind === "text-encoder") {
    const categories = CATEGORIES.filter((category) => card.heads.some((head) => head.category === category));
    return { kind: "text", ...told, categories, weight: 1, ...pinned };
  }
  const categories = CATEGORIES.filter((category) => card.positive[category] !== undefined);
  return { kind: "image", ...told, categories, weight: card.weight, ...pinned };
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
    ...["kind", "id", "version", "name", "license", "source", "about", "categories", "weight"],
    ...["sha256", "bytes", "addedAt", "isEnabled"],
  ];
  const pin = fields(value, "pack", known);
  // Pins of earlier versions, which knew packs for pictures alone, have no kind.
  const kind = oneOf(pin.kind ?? "image", "kind", ["image", "text"] as const);
  return {
    kind,
    id: matching(pin.id, "id", ID, "a pack's id"),
    version: matching(pin.version, "version", VERSION, "a version"),
    name: text(pin.name, "name", 100),
    license: text(pin.license, "license", 100),
    source: text(pin.source, "source", 500),
    about: pin.about === "" ? "" : text(pin.about, "about", 10_000),
    categories: list(pin.categories, "categories", kind === "image" ? 1 : 0, CATEGORIES.length).map((one) =>
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
 * The trusted packs after a change. A text is read by one encoder: who enables a text pack disables the others.
 * @param taken ids that a pack must not call itself: those of the packaged models.
 * @throws WardlightError `validation` where a pack's id is taken, or there are too many.
 */
export function withChange(pins: readonly PackPin[], change: PackChange, taken: readonly string[]): PackPin[] {
  if (change.kind === "remove") return pins.filter(({ sha256 }) => sha256 !== change.sha256);
  if (change.kind === "enable") {
    const changed = pins.map((pin) => (pin.sha256 === change.sha256 ? { ...pin, isEnabled: change.isEnabled } : pin));
    return withOneReader(changed, change.sha256);
  }
  const pin = parsePin(change.pin);
  if (pins.some(({ sha256 }) => sha256 === pin.sha256)) return [...pins];
  if (taken.includes(pin.id)) throw new WardlightError("validation", `"${pin.id}" is the name of a packaged model.`);
  if (pins.some(({ id }) => id === pin.id)) {
    throw new WardlightError("validation", `Another pack called "${pin.id}" is there already: remove it first.`);
  }
  if (pins.length >= MAX_PACKS) throw new WardlightError("validation", `There are ${MAX_PACKS} packs already.`);
  return withOneReader([...pins, pin], pin.sha256);
}

function withOneReader(pins: readonly PackPin[], sha256: string): PackPin[] {
  const isReader = pins.some((pin) => pin.sha256 === sha256 && pin.kind === "text" && pin.isEnabled);
  return pins.map((pin) =>
    isReader && pin.kind === "text" && pin.sha256 !== sha256 ? { ...pin, isEnabled: false } : pin,
  );
}

/** The packs of a kind, in the order in which they were added. */
export function packsFor(kind: PackPin["kind"], packs: readonly PackPin[]): PackPin[] {
  return packs.filter((pin) => pin.kind === kind);
}

/** A policy with the packs that may be asked, and their weights in the vote. */
export function withPacks(policy: Policy, packs: readonly PackPin[]): Policy {
  const weights = Object.fromEntries(packsFor("image", packs).map((pin) => [packDetectorId(pin), pin.weight]));
  return { ...policy, packs, weights: { ...policy.weights, ...weights } };
}

/** The id of a pack's detector: never that of a packaged network, with which it would share a vote. */
export function packDetectorId({ id }: { readonly id: string }): string {
  return `image/pack/${id}`;
}
