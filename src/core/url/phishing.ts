import { WardlightError } from "../errors.ts";
import { sigmoid } from "../math.ts";
import type { Detector, Evidence, Probability, Signal, UrlSubject } from "../types.ts";
import { type Analysis, analysisOf } from "./analysis.ts";
import { FEATURES, featuresOf, type Reading, readingOf } from "./features.ts";

/**
 * What `models/url-phishing/model.json` holds: a logistic regression over hashed character n-grams, whose log-odds and
 * the features of `features.ts` go into gradient-boosted trees.
 */
export interface PhishingModel {
  readonly kind: "url-forest";
  /** The names of the features that it was fitted on, in order; the n-grams' log-odds come before them. */
  readonly features: readonly string[];
  /** `codes`: base64 of 2^16 signed bytes; weight = code · scale. */
  readonly linear: { readonly codes: string; readonly scale: number; readonly intercept: number };
  /** Nodes of all trees; a leaf has feature −1 and its value as threshold. */
  readonly trees: {
    readonly roots: readonly number[];
    readonly features: readonly number[];
    readonly thresholds: readonly number[];
    readonly left: readonly number[];
    readonly right: readonly number[];
  };
  readonly baseline: number;
  /** Platt scaling in log-odds: p = sigmoid(a · logit + b). */
  readonly calibration: { readonly a: number; readonly b: number };
}

const ID = "url/phishing";
const BUCKETS = 1 << 16;
/** A model alone is never certain. */
const MAX_SCORE = 0.99;
const EVIDENCE_FROM = 0.5;

/**
 * How much an address looks like those of phishing pages. It knows no list, so it also speaks of pages of the last hour.
 *
 * @param name `id@version` of the model, carried by its signals.
 */
export function phishingDetector(model: PhishingModel, name: string): Detector<UrlSubject> {
  const forest = new Forest(model);
  return {
    id: ID,
    kind: "url",
    categories: ["phishing"],
    async detect(subjects) {
      return subjects.map(({ url }) => {
        const analysis = analysisOf(url);
        const isPublic = analysis && analysis.address.kind !== "none" && !analysis.isNear;
        return isPublic ? [signalOf(forest, analysis, name)] : [];
      });
    },
  };
}

function signalOf(forest: Forest, analysis: Analysis, name: string): Signal {
  const { score, loudest } = forest.judge(analysis);
  const evidence: Evidence[] = score < EVIDENCE_FROM ? [] : [{ kind: "rule", rule: "characters", value: loudest }];
  return { category: "phishing", score: Math.min(MAX_SCORE, score), detector: ID, model: name, evidence };
}

/** The model, unpacked into typed arrays. */
export class Forest {
  readonly #codes: Int8Array;
  readonly #model: PhishingModel;
  readonly #roots: Uint32Array;
  readonly #features: Int16Array;
  readonly #thresholds: Float64Array;
  readonly #left: Uint32Array;
  readonly #right: Uint32Array;
  /** The n-grams' log-odds and the features of the address in hand. */
  readonly #inputs: Float64Array;

  constructor(model: PhishingModel) {
    const { trees, linear } = model;
    this.#model = model;
    this.#codes = Int8Array.from(atob(linear.codes), (character) => character.charCodeAt(0));
    this.#roots = Uint32Array.from(trees.roots);
    this.#inputs = new Float64Array(1 + model.features.length);
    this.#features = Int16Array.from(trees.features);
    this.#thresholds = Float64Array.from(trees.thresholds);
    this.#left = Uint32Array.from(trees.left);
    this.#right = Uint32Array.from(trees.right);
  }

  /** The calibrated probability, and the n-gram of the host that speaks loudest for phishing. */
  judge(analysis: Analysis): { score: Probability; loudest: string } {
    const { logOdds, loudest } = this.#linear(readingOf(analysis.address));
    const { a, b } = this.#model.calibration;
    this.#inputs[0] = logOdds;
    this.#inputs.set(featuresOf(analysis), 1);
    return { score: sigmoid(a * this.#trees() + b), loudest };
  }

  #linear({ host, path }: Reading): { logOdds: number; loudest: string } {
    const { scale, intercept } = this.#model.linear;
    const name = this.#zone(`^${host}$`, 3, 5, 1);
    const rest = this.#zone(path, 3, 4, 2);
    const logOdds = (name.sum + rest.sum) * scale + intercept;
    return { logOdds: Math.round(logOdds * 1e4) / 1e4, loudest: name.loudest.replace(/[$^]/g, "") };
  }

  /**
   * The sum of the codes of all n-grams over the root of their number. An n-gram's key goes on from that of the one
   * before it with the same start: equal to the workshop's `phishing_hash.buckets`, what is not ASCII counts as a
   * question mark.
   */
  #zone(text: string, shortest: number, longest: number, seed: number): { sum: number; loudest: string } {
    let total = 0;
    let count = 0;
    let highest = 0;
    let [from, to] = [0, 0];
    for (let start = 0; start + shortest <= text.length; start++) {
      const end = Math.min(text.length, start + longest);
      let key = seed;
      for (let at = start; at < end; at++) {
        const unit = text.charCodeAt(at);
        key = (Math.imul(key, 31) + (unit < 128 ? unit : 63)) | 0;
        if (at + 1 - start < shortest) continue;
        const code = this.#codes[bucketOf(key)] ?? 0;
        total += code;
        count++;
        if (code > highest) [highest, from, to] = [code, start, at + 1];
      }
    }
    return { sum: total / Math.sqrt(Math.max(1, count)), loudest: text.slice(from, to) };
  }

  #trees(): number {
    let sum = this.#model.baseline;
    for (const root of this.#roots) {
      let node = root;
      for (let feature = this.#features[node] ?? -1; feature >= 0; feature = this.#features[node] ?? -1) {
        const isLeft = (this.#inputs[feature] ?? 0) <= (this.#thresholds[node] ?? 0);
        node = (isLeft ? this.#left[node] : this.#right[node]) ?? 0;
      }
      sum += this.#thresholds[node] ?? 0;
    }
    return sum;
  }
}

function bucketOf(key: number): number {
  const mixed = Math.imul(key ^ (key >>> 15), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) & (BUCKETS - 1);
}

/**
 * Reads `model.json`.
 * @throws {WardlightError} `validation`, saying what is wrong.
 */
export function parsePhishingModel(json: unknown): PhishingModel {
  const model = (typeof json === "object" && json !== null ? json : {}) as Partial<PhishingModel>;
  const problem = PROBLEMS.find(({ isFound }) => isFound(model));
  if (problem) throw new WardlightError("validation", `The phishing model cannot be used: ${problem.text}.`);
  return model as PhishingModel;
}

const PROBLEMS: readonly { readonly text: string; isFound(model: Partial<PhishingModel>): boolean }[] = [
  { text: "its kind is not url-forest", isFound: ({ kind }) => kind !== "url-forest" },
  {
    text: "it was fitted on other features than this version reads",
    isFound: ({ features }) => JSON.stringify(features) !== JSON.stringify(FEATURES),
  },
  { text: "its n-gram weights are not 65,536 bytes", isFound: ({ linear }) => !hasCodes(linear?.codes) },
  { text: "its trees are not sound", isFound: ({ trees }) => !trees || !areSound(trees) },
  {
    text: "one of its numbers is not finite",
    isFound: ({ linear, baseline, calibration }) =>
      ![linear?.scale, linear?.intercept, baseline, calibration?.a, calibration?.b].every(Number.isFinite),
  },
];

function hasCodes(codes: unknown): boolean {
  return typeof codes === "string" && /^[A-Za-z0-9+/]+={0,2}$/.test(codes) && atob(codes).length === BUCKETS;
}

/** Every branch leads onward, so that no walk can turn in a circle or leave the arrays. */
function areSound({ roots, features, thresholds, left, right }: PhishingModel["trees"]): boolean {
  const lists = [roots, features, thresholds, left, right];
  if (!lists.every(Array.isArray) || !thresholds.every(Number.isFinite)) return false;
  const size = features.length;
  const isPlace = (at: unknown) => Number.isSafeInteger(at) && (at as number) >= 0 && (at as number) < size;
  const isOnward = (node: number) => [left[node], right[node]].every((to) => isPlace(to) && (to as number) > node);
  return (
    [thresholds, left, right].every((list) => list.length === size) &&
    roots.length > 0 &&
    roots.every(isPlace) &&
    features.every((feature, node) => feature === -1 || (isFeature(feature) && isOnward(node)))
  );
}

function isFeature(feature: number): boolean {
  return Number.isSafeInteger(feature) && feature >= 0 && feature <= FEATURES.length;
}
