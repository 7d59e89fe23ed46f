import { browser } from "../browser.ts";
import type { SelfTest } from "../messages.ts";
import type { JudgeHost } from "./judge-host.ts";

/** Reads the two pictures of the self-test and has a judge that is awake judge them, one after the other. */
export async function testProtection({ test }: Pick<JudgeHost, "test">): Promise<SelfTest> {
  const card = await test(await readPicture("card"));
  const control = await test(await readPicture("control"));
  return { card, control };
}

async function readPicture(name: keyof SelfTest): Promise<Uint8Array> {
  const response = await fetch(browser.runtime.getURL(`test-card/${name}.png`));
  return new Uint8Array(await response.arrayBuffer());
}
