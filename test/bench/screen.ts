import { fork, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Screen } from "../../scripts/browser.mjs";
import type { BenchContext } from "./bench.ts";

/** What was on the screen at a moment, in milliseconds since the epoch. */
export interface Look {
  readonly at: number;
  readonly colours: ReadonlySet<string>;
  /** How many reads of the screen there were until then. */
  readonly reads: number;
}

/** A screen that a browser can be shown on, and what is painted there while nobody asks the browser for anything. */
export interface WatchedScreen extends Screen {
  /** Hears of each change in the colours of ways; the last one before it at once. */
  watch(onLook: (look: Look) => void): () => void;
}

/**
 * An X server that keeps its screen in a file, which a process of its own reads many hundred times a second. Ends with the
 * bench.
 * @param program path of `Xvfb`.
 * @throws Error where it does not start.
 */
export async function openScreen(
  program: string,
  { width, height }: Pick<Screen, "width" | "height">,
  { onEnd }: Pick<BenchContext, "onEnd">,
): Promise<WatchedScreen> {
  const folder = mkdtempSync(join(tmpdir(), "screen-"));
  onEnd(() => rmSync(folder, { recursive: true, force: true }));
  const args = ["-screen", "0", `${width}x${height}x24`, "-fbdir", folder, "-nolisten", "tcp", "-displayfd", "3"];
  const server = spawn(program, args, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  onEnd(() => void server.kill());
  const number = await new Promise<string>((resolve, reject) => {
    server.stdio[3]?.once("data", (data: Buffer) => resolve(data.toString().trim()));
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`${program} ended with exit status ${code}.`)));
  });
  const reader = fork(fileURLToPath(new URL("./screen-reader.ts", import.meta.url)), [join(folder, "Xvfb_screen0")], {
    execArgv: ["--import", "tsx"],
    serialization: "advanced",
  });
  onEnd(() => void reader.kill());
  const watchers = new Set<(look: Look) => void>();
  let last: Look | undefined;
  reader.on("message", (look: Look) => {
    last = look;
    for (const onLook of watchers) onLook(look);
  });
  await new Promise((resolve, reject) => {
    reader.once("message", resolve);
    reader.once("exit", () => reject(new Error("The screen cannot be read.")));
  });
  return {
    display: `:${number}`,
    width,
    height,
    watch(onLook) {
      if (last) onLook(last);
      watchers.add(onLook);
      return () => watchers.delete(onLook);
    },
  };
}
