const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

/** Makes any text safe inside an element and inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (character) => ENTITIES[character] ?? "");
}

/** Markup that this folder wrote. Data cannot make one, so everything else that is put into `html` gets escaped. */
export class Markup {
  readonly html: string;
  constructor(html: string) {
    this.html = html;
  }
}

export type Part = Markup | string | number;

/** Markup with every part escaped that is none itself. */
export function html(fixed: TemplateStringsArray, ...parts: readonly (Part | readonly Part[])[]): Markup {
  const written = parts.map((part) => (Array.isArray(part) ? part : [part as Part]).map(htmlOf).join(""));
  return new Markup(String.raw({ raw: fixed }, ...written));
}

function htmlOf(part: Part): string {
  return part instanceof Markup ? part.html : escapeHtml(String(part));
}
