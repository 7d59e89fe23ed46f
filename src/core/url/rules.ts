import type { Detector, Evidence, Signal, UrlSubject } from "../types.ts";
import { type Analysis, analysisOf } from "./analysis.ts";
import { combined, type Hit, PATTERN_CATEGORIES } from "./lexical.ts";
import { findOddScript } from "./lookalike.ts";

const LEXICAL = "url/lexical";
const LOOKALIKE = "url/lookalike";
const MAX_EVIDENCE = 8;

/** What the wording and shape of an address say, by a table of named patterns. */
export function lexicalDetector(): Detector<UrlSubject> {
  return {
    id: LEXICAL,
    kind: "url",
    categories: PATTERN_CATEGORIES,
    async detect(subjects) {
      return subjects.map(({ url }) => {
        const analysis = analysisOf(url);
        return analysis && !analysis.isNear ? lexicalSignals(analysis.hits) : [];
      });
    },
  };
}

function lexicalSignals(hits: readonly Hit[]): Signal[] {
  const categories = [...new Set(hits.map(({ category }) => category))];
  return categories.map((category) => {
    const own = hits.filter((hit) => hit.category === category);
    return { category, score: combined(own), detector: LEXICAL, evidence: evidenceOf(own) };
  });
}

function evidenceOf(hits: readonly Hit[]): Evidence[] {
  return hits
    .toSorted((a, b) => b.score - a.score)
    .slice(0, MAX_EVIDENCE)
    .map(({ id, value }) => ({ kind: "rule", rule: id, value }));
}

/** Names the brand that an address imitates; letters of scripts that nobody mixes count without one too. */
export function lookalikeDetector(): Detector<UrlSubject> {
  return {
    id: LOOKALIKE,
    kind: "url",
    categories: ["phishing"],
    async detect(subjects) {
      return subjects.map(({ url }) => {
        const analysis = analysisOf(url);
        return analysis && !analysis.isNear ? lookalikeSignals(analysis) : [];
      });
    },
  };
}

function lookalikeSignals({ address, imitation }: Analysis): Signal[] {
  const script = findOddScript(address);
  const evidence: Evidence[] = [];
  if (imitation) {
    const { disguise, brand, value } = imitation;
    evidence.push({ kind: "target", rule: disguise, name: brand.name, host: brand.domains[0] ?? "" });
    evidence.push({ kind: "rule", rule: disguise, value });
  }
  if (script) evidence.push({ kind: "rule", rule: script.rule, value: address.unicodeHost });
  if (evidence.length === 0) return [];
  const score = Math.max(imitation?.score ?? 0, script?.score ?? 0);
  return [{ category: "phishing", score, detector: LOOKALIKE, evidence }];
}
