/**
 * What the page itself tells about a passage beside its words: how it is kept from a person's eyes, or that it stands
 * where only programs read, and what part of the page it belongs to.
 */

/**
 * Never drawn as text, so that nobody need be kept from seeing it: words for assistive technology alone, attributes, the
 * head, structured data, source comments, noscript.
 */
export const UNDRAWN = [
  "aria",
  "alternative",
  "title",
  "placeholder",
  "metadata",
  "structured-data",
  "comment",
  "noscript",
] as const;

/** Means by which a text is on a page and not before its reader; a passage may have several, or none. */
export const CONCEALMENTS = [
  // Hidden by style: display, visibility, opacity, a box or a font of no size, clipping, a place off screen, a cover.
  "display",
  "visibility",
  "opacity",
  "size",
  "font",
  "clip",
  "off-screen",
  "behind",
  // Of nearly the colour of what lies behind it (WCAG contrast).
  "colour",
  // Marked by the `hidden` attribute.
  "hidden",
  ...UNDRAWN,
] as const;
export type Concealment = (typeof CONCEALMENTS)[number];

/**
 * The part that a passage plays on its page; `body` where nothing tells. An `exhibit` is code or a quotation in a conversation
 * with an AI, which reads it as well.
 */
export const ROLES = ["body", "article", "comment", "ad", "navigation", "code", "quotation", "exhibit"] as const;
export type Role = (typeof ROLES)[number];

/** Zero-width, tag and bidirectional characters are no part of it: they are read from the text itself. */
export interface Structure {
  readonly concealments: readonly Concealment[];
  readonly role: Role;
}
