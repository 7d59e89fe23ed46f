import { createHash } from "node:crypto";
import { type Decision, decide } from "../core/decide.ts";
import { hostOf } from "../core/host.ts";
import { Lru } from "../core/lru.ts";
import { DEFAULT_SETTINGS, policyOf } from "../core/policy.ts";
import type { ProgramJudges } from "../core/programs/answers.ts";
import { modelsBehind } from "../core/programs/questions.ts";
import type { Subject } from "../core/types.ts";
import { decodePicture } from "./inputs.ts";
import { type Judges, SHIPPED } from "./judges.ts";

const REMEMBERED_PICTURES = 100;

/** The terminal's judges as programs ask them: at the default level. The last 100 pictures are known by their bytes. */
export function programJudges(judges: Judges): ProgramJudges {
  const policy = policyOf(DEFAULT_SETTINGS);
  const pictures = new Lru<string, Decision>(REMEMBERED_PICTURES);
  const judge = async (subject: Subject, site = "") =>
    decide(subject, await judges.judge(subject), policy, { site, at: Date.now() });

  async function judgePicture(file: Uint8Array<ArrayBuffer>): Promise<Decision> {
    const name = createHash("sha256").update(file).digest("hex");
    const known = pictures.get(name);
    if (known) return known;
    const pixels = await decodePicture(file, "The picture");
    const decision = await judge({ kind: "image", id: name, context: "page", pixels });
    if (!decision.verdict.failure) pictures.set(name, decision);
    return decision;
  }

  return {
    models: modelsBehind(SHIPPED),
    policy,
    judgePicture,
    judgeText: (text, context) => judge({ kind: "text", id: "0", context, text }),
    judgeAddress: (url) => judge({ kind: "url", id: "0", context: "page", url }, hostOf(url) ?? ""),
  };
}
