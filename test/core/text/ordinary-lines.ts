import { createHash } from "node:crypto";

/** A seeded series of numbers in [0, 1). */
function series(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

const WORDS =
  "user order cache index token request session page node value item list config secret key password login route graph model field query batch queue worker handler state event stream buffer socket parser schema table column record image video label button panel layout theme card account number phone mail street address birth tax passport patient contact".split(
    " ",
  );
/** What a number may be said to be without becoming somebody's. */
const NEUTRAL = WORDS.slice(0, WORDS.indexOf("phone")).filter(
  (word) => !/^(?:card|account|number|token|secret|key|password|login)$/.test(word),
);
const HEX = "0123456789abcdef";
const B64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const DIGITS = "0123456789";

/**
 * Lines as developers and administrators paste them, of many kinds, none of which holds anybody's data or a secret:
 * code in several languages, logs, lock files, digests, UUIDs, base64, tables, configuration with blanks to fill in.
 */
export function ordinaryLines(count: number, seed = 42): string[] {
  const next = series(seed);
  const int = (max: number) => Math.floor(next() * max);
  const of = <T>(list: readonly T[]): T => list[int(list.length)] as T;
  const from = (alphabet: string, length: number) =>
    Array.from({ length }, () => alphabet[int(alphabet.length)]).join("");
  const word = () => of(WORDS);
  const neutral = () => of(NEUTRAL);
  const camel = () => word() + of(["Id", "Name", "Count", "Key", "List", "Map", "Ref", "Token", "Type"]);
  const hex = (length: number) => from(HEX, length);
  const uuid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-${of(["8", "9", "a", "b"])}${hex(3)}-${hex(12)}`;
  const version = () => `${int(40)}.${int(40)}.${int(40)}`;
  const stamp = () =>
    `2026-${String(1 + int(12)).padStart(2, "0")}-${String(1 + int(28)).padStart(2, "0")}T${String(int(24)).padStart(2, "0")}:${String(int(60)).padStart(2, "0")}:${String(int(60)).padStart(2, "0")}.${from(DIGITS, 3)}Z`;
  const digest = (kind: "sha1" | "sha256" | "sha512") => createHash(kind).update(String(next())).digest();
  const level = () => of(["INFO", "WARN", "DEBUG", "ERROR", "TRACE"]);
  const kinds: readonly (() => string)[] = [
    () => `const ${camel()} = ${word()}.${camel()}(${word()}, ${int(1000)});`,
    () => `export function ${camel()}(${word()}: string, ${word()}: number): Promise<${word()}> {`,
    () => `  if (${camel()} === null || ${word()}.length > ${int(4096)}) return ${of(["undefined", "false", "[]"])};`,
    () => `import { ${camel()}, ${camel()} } from "./${word()}/${word()}.ts";`,
    () => `def ${word()}_${word()}(self, ${word()}=None, ${word()}="${word()}"):`,
    () => `    password = get_password(${word()})  # from the vault`,
    () => `const token = await ${word()}.getToken({ ${word()}Id: ${int(99)} });`,
    () => `password: ${of(["string", "z.string().min(8)", "process.env.PASSWORD", '""', "null", "required"])},`,
    () => `PASSWORD=${of(["", "changeme", "<your-password>", `\${${word().toUpperCase()}_PASSWORD}`, "********"])}`,
    () =>
      `API_KEY=${of(["your_api_key_here", "$(API_KEY)", "xxxxxxxxxxxxxxxxxxxxxxxx", "<API_KEY>", "{{ api_key }}"])}`,
    () => `    secretKeyRef: { name: ${word()}-${word()}, key: ${word()}-key }`,
    () => `public static final String TOKEN_${word().toUpperCase()} = "${word()}_${word()}";`,
    () => `fn ${word()}<T: ${word()}>(${word()}: &mut Vec<T>) -> Result<(), Error> { Ok(()) }`,
    () => `.${word()}-${word()} { margin: ${int(40)}px ${int(40)}px; color: #${hex(6)}; }`,
    () =>
      `<path d="M${int(900)}.${int(99)} ${int(900)}.${int(99)}C${next().toFixed(4)},${next().toFixed(4)} ${int(99)} ${int(99)}z"/>`,
    () => `SELECT ${word()}, ${word()} FROM ${word()}s WHERE ${word()}_id = ${int(1e9)} LIMIT ${int(100)};`,
    () => `${stamp()} ${level()} [${word()}-${int(32)}] ${word()} ${uuid()} finished in ${int(5000)} ms`,
    () => `${stamp()} ${level()} ${word()}: trace=${hex(32)} span=${hex(16)} status=${200 + int(300)}`,
    () => `[${1_700_000_000 + int(1e8)}] ${word()}: ${word()} id=${from(DIGITS, 10 + int(9))} done`,
    () => `127.0.0.1 - - "GET /${word()}/${int(1e6)}?${neutral()}=${hex(8)} HTTP/1.1" ${200 + int(300)} ${int(1e6)}`,
    () => `kernel: [${int(99999)}.${from(DIGITS, 6)}] ${word()}: irq ${int(64)} at 0x${hex(16)}`,
    () => `    at ${camel()} (/app/src/${word()}/${word()}.js:${int(900)}:${int(90)})`,
    () =>
      `"node_modules/${word()}-${word()}": { "version": "${version()}", "integrity": "sha512-${digest("sha512").toString("base64")}" },`,
    () => `  resolution: {integrity: sha512-${digest("sha512").toString("base64")}}`,
    () => `checksum = "${digest("sha256").toString("hex")}"`,
    () => `${word()} v${version()} h1:${digest("sha256").toString("base64")}`,
    () => `commit ${digest("sha1").toString("hex")}`,
    () => `${digest("sha256").toString("hex")}  ${word()}-${version()}.tar.gz`,
    () => `FROM ${word()}:${version()}@sha256:${digest("sha256").toString("hex")}`,
    () => uuid(),
    () => `{"id":"${uuid()}","${neutral()}":${int(1e9)},"${word()}":"${word()}","at":${1_700_000_000_000 + int(1e9)}}`,
    () => `{"${camel()}": ${from("123456789", 1)}${from(DIGITS, 8 + int(10))}, "next_page_token": "${from(B64, 40)}"}`,
    () => `data:image/png;base64,iVBORw0KGgo${from(B64, 80)}`,
    () => from(B64, 76),
    () => `${from(B64, 64)}==`,
    () => Array.from({ length: 16 }, () => hex(2)).join(" "),
    () => Array.from({ length: 20 }, () => hex(2).toUpperCase()).join(":"),
    () => `0x${hex(8)}: ${Array.from({ length: 8 }, () => hex(4)).join(" ")}`,
    () => Array.from({ length: 6 }, () => (next() * 1000 - 500).toFixed(4)).join(", "),
    () => Array.from({ length: 6 }, () => int(100_000)).join("\t"),
    () => `${version()}.${int(30)} ${word()}@${version()} ^${version()} ~${version()}-rc.${int(9)}`,
    () => `#define ${word().toUpperCase()}_${word().toUpperCase()} 0x${hex(8).toUpperCase()}UL`,
    () => `git@github.com:${word()}/${word()}.git`,
    () => `- uses: actions/${word()}@v${int(9)} # ${hex(40)}`,
    () => `assert ${word()}(${from(DIGITS, 3)}, ${from(DIGITS, 2)}) == ${from(DIGITS, 4)}`,
    () =>
      `The ${word()} of each ${word()} is ${int(500)} by ${int(500)}, see chapter ${int(20)}.${int(9)}, page ${int(900)}.`,
    () =>
      `ISBN 978-${int(9)}-${from(DIGITS, 3)}-${from(DIGITS, 5)}-${int(9)}, part no. ${from("ABCDEFGH", 2)}-${from(DIGITS, 5)}`,
    () => `| ${neutral()} | ${int(1000)} | ${(next() * 100).toFixed(2)} % | ${from(DIGITS, 4)}-${from(DIGITS, 4)} |`,
    () => `std::${word()}::${word()}<${word()}> ${camel()}{${int(99)}};`,
    () => `$ ${word()} --${word()}=${int(99)} --${word()} ${word()}/${version()}`,
  ];
  return Array.from({ length: count }, () => of(kinds)());
}
