import { readAddress } from "./address.ts";
import { ownerOf } from "./brands.ts";

/** Whether a host belongs to a brand of the table: no list of deceits can mean all of it. */
export function isWellKnown(host: string): boolean {
  const address = readAddress(`http://${host}/`);
  return address !== undefined && ownerOf(address) !== undefined;
}
