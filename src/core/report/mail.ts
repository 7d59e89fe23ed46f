/** A file that goes with a mail. */
export interface Attachment {
  readonly name: string;
  /** Such as `text/html`. */
  readonly type: string;
  readonly content: string;
}

/**
 * A mail as a file that mail programs open as a draft (RFC 5322, MIME; `X-Unsent` is understood by some). Nothing of it can
 * end a header or a part, since all of it is written as base64.
 * @param boundary must not occur anywhere else: random, letters and digits.
 */
export function emlOf(
  {
    subject,
    text,
    attachments,
    boundary,
  }: { subject: string; text: string; attachments: readonly Attachment[]; boundary: string },
  toBase64: (text: string) => string,
): string {
  const part = (type: string, disposition: string, content: string) =>
    [
      `--${boundary}`,
      `Content-Type: ${type}; charset=utf-8`,
      "Content-Transfer-Encoding: base64",
      `Content-Disposition: ${disposition}`,
      "",
      folded(toBase64(content)),
    ].join("\r\n");
  return [
    `Subject: ${encodedWords(subject, toBase64)}`,
    "X-Unsent: 1",
    "MIME-Version: 1.0",
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    "",
    part("text/plain", "inline", text),
    ...attachments.map(({ name, type, content }) => part(type, `attachment; filename="${plainName(name)}"`, content)),
    `--${boundary}--`,
    "",
  ].join("\r\n");
}

/** Opens the user's mail program with a draft; programs take about 2,000 characters, so the rest is left out. */
export function mailtoOf(subject: string, text: string): string {
  return `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(wellFormed(text.slice(0, 1_800)))}`;
}

/** RFC 2047, in pieces of whole characters. */
function encodedWords(text: string, toBase64: (text: string) => string): string {
  const words: string[] = [];
  const characters = [...wellFormed(text)];
  for (let i = 0; i < characters.length; i += 10) {
    words.push(`=?utf-8?B?${toBase64(characters.slice(i, i + 10).join(""))}?=`);
  }
  return words.join("\r\n ");
}

function folded(base64: string): string {
  return base64.match(/.{1,76}/g)?.join("\r\n") ?? "";
}

function plainName(name: string): string {
  return name.replace(/[^a-zA-Z0-9._-]/g, "_");
}

/** Half of a surrogate pair cannot be written as UTF-8. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}
