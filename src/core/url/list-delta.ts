/** What turns one version of a list into the next. A version is the SHA-256 of `versionText`, in lower-case hex. */
export interface ListDelta {
  readonly base: string;
  readonly result: string;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

const FIRST_LINE = "# wardlight-delta 1";
const MAX_CHANGES = 500_000;

/** What a version's hash is of: the sorted hosts, then the sorted pages, a line each. */
export function versionText({ hosts, pages }: { hosts: readonly string[]; pages: readonly string[] }): string {
  return `${[...hosts, ...pages].join("\n")}\n`;
}

/** `# wardlight-delta 1`, `# base: HASH`, `# result: HASH`, then `+entry` and `-entry`. Undefined for anything else. */
export function parseDelta(text: string): ListDelta | undefined {
  const [first, ...lines] = text.split(/\r?\n/);
  if (first !== FIRST_LINE || lines.length > MAX_CHANGES) return undefined;
  const head = (key: string) => new RegExp(`^# ${key}: ([0-9a-f]{64})$`, "m").exec(text)?.[1];
  const [base, result] = [head("base"), head("result")];
  const changes = lines.filter((line) => line !== "" && !line.startsWith("#"));
  if (!base || !result || changes.some((line) => !/^[+-]\S+$/.test(line))) return undefined;
  const marked = (sign: string) => changes.filter((line) => line.startsWith(sign)).map((line) => line.slice(1));
  return { base, result, added: marked("+"), removed: marked("-") };
}

/** The entries after a delta, sorted; whether they are the ones that it promises, their hash tells. */
export function applyDelta(entries: readonly string[], { added, removed }: ListDelta): string[] {
  const next = new Set(entries);
  for (const entry of removed) next.delete(entry);
  for (const entry of added) next.add(entry);
  return [...next].sort();
}
