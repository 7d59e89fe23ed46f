import type { Detector, UrlSubject } from "../types.ts";
import { type PhishingModel, phishingDetector } from "./phishing.ts";
import { lexicalDetector, lookalikeDetector } from "./rules.ts";

export { type PageFacts, pageSignals, parsePageFacts } from "./page.ts";
export { type PhishingModel, parsePhishingModel } from "./phishing.ts";

/** Everything that judges an address without a list; without a model the rules still speak. */
export function urlDetectors(given?: { readonly name: string; readonly model: PhishingModel }): Detector<UrlSubject>[] {
  const rules = [lexicalDetector(), lookalikeDetector()];
  return given ? [...rules, phishingDetector(given.model, given.name)] : rules;
}
