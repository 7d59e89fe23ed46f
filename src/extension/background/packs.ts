import catalogJson from "../../../models/catalog.json" with { type: "json" };
import { type PackChange, parsePins, withChange } from "../../core/pack-pins.ts";
import type { PackPin } from "../../core/types.ts";
import { browser } from "../browser.ts";
import { admit, inTurn } from "./lock-gate.ts";

const KEY = "packs";
const PACKAGED = catalogJson.models.map(({ id }) => id);

/**
 * The packs that the user trusts. What makes them trusted, their SHA-256, lies here, apart from their files, so that
 * whoever alters a file does not alter its pin along with it.
 */
export async function readPacks(): Promise<readonly PackPin[]> {
  const stored = (await browser.storage.local.get(KEY))[KEY];
  try {
    return parsePins(stored);
  } catch (error) {
    console.warn("The list of trusted packs is damaged; none is used.", error);
    return [];
  }
}

/** Who votes is who protects, so that a change may have to wait. Answers with all packs. @throws as `admit`, and `carryOutPacks` */
export function changePacks(change: PackChange): Promise<readonly PackPin[]> {
  return inTurn(async () => {
    withChange(await readPacks(), change, PACKAGED);
    return (await admit([{ kind: "pack", change }])) === "now" ? carryOutPacks(change) : readPacks();
  });
}

/** Answers with all packs. @throws WardlightError `validation`; nothing is changed then. */
export async function carryOutPacks(change: PackChange): Promise<readonly PackPin[]> {
  const packs = withChange(await readPacks(), change, PACKAGED);
  await browser.storage.local.set({ [KEY]: packs });
  return packs;
}
