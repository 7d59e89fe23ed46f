import type { Handlers } from "../messages.ts";
import type { JudgeHost } from "./judge-host.ts";
import { changePacks, readPacks } from "./packs.ts";
import { testProtection } from "./self-test.ts";

type JudgeKinds = "checkGpu" | "test" | "packs" | "changePacks" | "tryPack" | "measure";

/** What the pages of models and of the self-test ask for. @param awake wakes the judge with the policy of now */
export function judgeConsole(awake: () => Promise<JudgeHost>): Pick<Handlers<"console">, JudgeKinds> {
  return {
    checkGpu: async (request) => (await awake()).checkGpu(request),
    test: async () => testProtection(await awake()),
    packs: () => readPacks(),
    // The store's own event gives every judge its new policy.
    changePacks: (change) => changePacks(change),
    tryPack: async (file) => (await awake()).tryPack(file),
    measure: async () => (await awake()).measure(),
  };
}
