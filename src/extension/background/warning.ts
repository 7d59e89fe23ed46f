import type { PageWarning } from "../messages.ts";
import type { JudgedUrl } from "./url-judge.ts";

/** What a page, a link or a frame is told of a bad address: no more than it needs. */
export function warningOf({ host, verdict }: JudgedUrl): PageWarning {
  const evidence = verdict.signals.flatMap((signal) => signal.evidence);
  const target = evidence.find((item) => item.kind === "target");
  return { host, category: verdict.category, score: verdict.score, ...(target ? { target: target.name } : {}) };
}
