/** Reads the screen of an X server, over and over, and tells of each change in the ways' colours on it: a `Look`. */
import { openSync, readSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { coloursIn } from "./colours.ts";
import type { Look } from "./screen.ts";
import { rasterOf, XWD_HEADER_BYTES } from "./xwd.ts";

// Where it may not go before others, it misses more.
try {
  setPriority(0, constants.priority.PRIORITY_HIGHEST);
} catch {}

process.once("disconnect", () => process.exit());
const file = openSync(process.argv[2] as string, "r");
const header = Buffer.alloc(XWD_HEADER_BYTES);
readSync(file, header, 0, header.length, 0);
const raster = rasterOf(header);
const bytes = Buffer.alloc(raster.offset + raster.stride * raster.height);

let before = "";
for (let reads = 1; ; reads++) {
  const at = Date.now();
  readSync(file, bytes, 0, bytes.length, 0);
  const colours = coloursIn(bytes, raster);
  const now = [...colours].join();
  if (now !== before || reads === 1) process.send?.({ at, colours, reads } satisfies Look);
  before = now;
  await sleep(1);
}
