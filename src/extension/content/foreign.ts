const MAX_FILE_BYTES = 1024 * 1024;
const MAX_FILES = 8;
const TEXT_NAME =
  /\.(?:txt|md|csv|tsv|json|jsonl|log|xml|html?|ya?ml|toml|ini|env|conf|sql|py|js|ts|rb|go|rs|java|c|cpp|h|sh|eml|pem|key)$/i;

/** What a paste, a drop or a choice of files brings, as texts. Files are read only where they are small and text. */
export async function foreignText(text: string, files: FileList): Promise<string[]> {
  const readable = [...files]
    .filter(({ type, name, size }) => size <= MAX_FILE_BYTES && (type.startsWith("text/") || TEXT_NAME.test(name)))
    .slice(0, MAX_FILES);
  const contents = await Promise.all(readable.map((file) => file.text().catch(() => "")));
  return [text, ...contents].filter((one) => one.trim() !== "");
}
