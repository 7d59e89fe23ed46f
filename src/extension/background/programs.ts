import { exemptionOf } from "../../core/decide.ts";
import { failureOf, WardlightError } from "../../core/errors.ts";
import { policyOf, type Settings } from "../../core/policy.ts";
import { type Answer, answerTo, type ProgramJudges } from "../../core/programs/answers.ts";
import { modelsBehind } from "../../core/programs/questions.ts";
import { Turnstile } from "../../core/programs/turnstile.ts";
import type { Failure } from "../../core/types.ts";
import { browser, type Runtime } from "../browser.ts";
import type { JudgeHost } from "./judge-host.ts";
import { CATALOG } from "./lists.ts";
import { judgeForeign } from "./url-judge.ts";

type Reply = Answer | { readonly error: Failure };

const MODELS = modelsBehind(CATALOG);

/**
 * Answers other extensions that the user allowed to ask: `{path, body}` in the shapes of the reference service. Nothing of
 * it is written down. Web pages cannot knock here, since the manifest names none; what a content script asks is refused,
 * since a page may stand behind it.
 */
export function answerPrograms(readSettings: () => Promise<Settings>, awake: () => Promise<JudgeHost>): void {
  const turnstile = new Turnstile();

  async function answer(message: unknown, sender: Runtime.MessageSender): Promise<Reply> {
    const settings = await readSettings();
    const program = programOf(sender, settings);
    const leave = turnstile.enter(program, Date.now());
    try {
      const { path, body } = (message ?? {}) as Record<string, unknown>;
      return await answerTo(path, body, judgesOf(settings, awake));
    } finally {
      leave();
    }
  }

  browser.runtime.onMessageExternal.addListener((message: unknown, sender: Runtime.MessageSender) =>
    answer(message, sender).catch((error: unknown): Reply => {
      const { code, message: words } = failureOf(error);
      return { error: { code, message: words } };
    }),
  );
}

/** @throws WardlightError `security` for who may not ask. */
function programOf({ id = "", url = "" }: Runtime.MessageSender, { programs }: Settings): string {
  if (!/^(?:chrome|moz)-extension:/.test(url)) {
    throw new WardlightError("security", "Wardlight answers the pages and the background of an extension alone.");
  }
  if (programs.includes(id)) return id;
  throw new WardlightError("security", `Wardlight's user has not allowed ${id} to ask (Protection, Other extensions).`);
}

function judgesOf(settings: Settings, awake: () => Promise<JudgeHost>): ProgramJudges {
  const policy = policyOf(settings);
  if (exemptionOf(policy, { site: "", at: Date.now() }) === "paused") {
    throw new WardlightError("resource", "The user has paused Wardlight: nothing is judged until the pause is over.");
  }
  return {
    models: MODELS,
    policy,
    judgePicture: async (file) => (await awake()).test(file),
    judgeText: async (text, context) => (await awake()).testText({ text, context }),
    judgeAddress: (url) => judgeForeign(url, settings),
  };
}
