import type { Detector, TextSubject } from "../types.ts";
import { type Check, type Entity, type Finder, findEntities, readFinders, withoutOverlaps } from "./finder.ts";
import table from "./secrets.json" with { type: "json" };

const ID = "text/secrets";
/** Of each character, in bits: random letters and digits have 4 and more from 24 characters on, words and paths less. */
const RANDOM_BITS = 3.5;

/** Shannon's entropy of a text's characters, in bits a character. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - (count / text.length) * Math.log2(count / text.length), 0);
}

/** What stands for a secret in documents and code: blanks to fill in, variables, calls, examples. */
const STAND_IN =
  /^(?:[<[{(%$`]|\$\w|process\.|os\.|env\.|import\.|ENC\[|vault:)|[.…*•]{3}|x{4}|example|changeme|change[_-]me|replace|your[_-]|[_-]here$|placeholder|dummy|redacted|secret_?name|undefined|^(?:null|none|true|false|string|required|optional|password|passwort|secret|token)[,;)]?$|\w\(|^\w+=[^=]|@sha\d|[\w\])]\.\w+\(|=>|::|\$\{|\{\{|%s|\[(?:[A-Z_]+_\d+)\]/i;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** Digests and the like say by themselves what they are. */
const DIGEST = /^(?:sha\d+|md5)[-:]/i;

function isStandIn(text: string): boolean {
  return STAND_IN.test(text) || UUID.test(text) || DIGEST.test(text);
}

/** Neither a pattern (`xxxx…`, `1234…`) nor a word. */
function isVaried(text: string): boolean {
  return new Set(text.slice(-24)).size >= 8 && !/(.)\1{5}|example|0123456789|abcdefgh/i.test(text);
}

function isRandom(text: string): boolean {
  return (
    isVaried(text) && entropyOf(text) >= RANDOM_BITS && /\d/.test(text) && /[A-Za-z]/.test(text) && !isStandIn(text)
  );
}

/** A value that nobody can take for a word or for a name in code: letters and digits mixed, or signs. */
function isPasswordLike(text: string): boolean {
  if (isStandIn(text) || /^[\w-]*\.[\w.-]*$/.test(text)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9_./:-]/].filter((kind) => kind.test(text)).length;
  return kinds >= 3 || (kinds >= 2 && /\d/.test(text) && entropyOf(text) >= 2.5);
}

/** Without quotes a value may be a name in code: only what looks drawn by lot counts. */
function isUnquotedSecret(text: string): boolean {
  const isName = /^[\w./:-]+$/.test(text);
  return isPasswordLike(text) && !(isName && (entropyOf(text) < 3 || !/\d/.test(text)));
}

/** In prose: "my password is …", so what follows must look like one and not like a word. */
const told: Check = (found) => {
  const bare = found.replace(/^["'„“`]|["'“”`]?[.,;!?)]*$/g, "");
  if (/^v?\d+(?:\.\d+)+/.test(bare)) return 0;
  const isPin = /^\d{4,8}$/.test(bare);
  const isMixed = /[A-Za-z]/.test(bare) && /\d/.test(bare) && bare.length >= 6;
  const isOdd = bare.length >= 8 && /[A-Za-z]/.test(bare) && /[!#$%&*+?@^~]/.test(bare);
  if (isStandIn(bare) || /[(){}<>=;/\\|[\]]/.test(bare)) return 0;
  return isPin || isMixed || isOdd ? found.replace(/["'“”`]?[.,;)]*$/, "").length : 0;
};

const all = (isSound: (found: string) => boolean): Check => {
  return (found) => (isSound(found) ? found.length : 0);
};

function isJwt(found: string): boolean {
  return /"(?:alg|typ|kid|enc)"/.test(decoded(found.split(".", 1)[0] ?? ""));
}

function decoded(text: string): string {
  try {
    return atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  } catch {
    return "";
  }
}

/** `user:password` of an address. */
function hasCredentials(found: string): boolean {
  const password = found.slice(found.indexOf(":") + 1);
  return !isStandIn(password) && !/^(?:pass|password|pw|pwd|user|secret|port|\d{1,5})$/i.test(password);
}

const CHECKS: Readonly<Record<string, Check>> = {
  varied: all(isVaried),
  random: all(isRandom),
  jwt: all(isJwt),
  credentials: all(hasCredentials),
  quoted: all(isPasswordLike),
  unquoted: all(isUnquotedSecret),
  told,
};

let compiled: readonly Finder[] | undefined;

/** Compiled with the first text: who never writes to an AI does not wait for it. */
function finders(): readonly Finder[] {
  compiled ??= readFinders(table, CHECKS);
  return compiled;
}

/** More than the longest key in use has. */
const MAX_KEY_CHARS = 16_384;

/** Where it ends, of what a rule saw only the beginning: a key's last line, a token's signature. */
function endOf(text: string, { rule, end }: Entity): number {
  const rest = /^(?:private-key|jwt)$/.test(rule) ? text.slice(end, end + MAX_KEY_CHARS) : "";
  const close =
    rule === "jwt" ? /^[\w.-]*/.exec(rest) : /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/.exec(rest);
  return close ? end + close.index + close[0].length : end;
}

/** Every secret in a text, in its order: `type` is SECRET, `rule` says which kind. */
export function findSecrets(text: string): Entity[] {
  return withoutOverlaps(findEntities(text, finders()).map((entity) => ({ ...entity, end: endOf(text, entity) })));
}

/** Keys, tokens and passwords, by the forms that their makers gave them, or by what stands before them. */
export function secretDetector(): Detector<TextSubject> {
  return {
    id: ID,
    kind: "text",
    categories: ["secret"],
    async detect(subjects, signal) {
      return subjects.map(({ text }) => {
        signal.throwIfAborted();
        const entities = findSecrets(text);
        if (entities.length === 0) return [];
        const evidence = entities.map(({ rule, start, end, score }) => ({
          kind: "span" as const,
          start,
          end,
          rule,
          score,
        }));
        return [
          {
            category: "secret" as const,
            score: Math.max(...entities.map(({ score }) => score)),
            detector: ID,
            evidence,
          },
        ];
      });
    },
  };
}
