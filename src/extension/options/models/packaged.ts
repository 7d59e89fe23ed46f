import catalogJson from "../../../../models/catalog.json" with { type: "json" };

/** What there is to know of a model, as far as its maker told. */
export interface Facts {
  /** `name@version`. */
  readonly id: string;
  readonly name: string;
  readonly license: string;
  readonly source: string;
  readonly about?: string;
  /** 224 × 224, for pictures. */
  readonly input?: string;
  readonly classes?: readonly string[];
  /** What a text encoder is asked. */
  readonly heads?: readonly string[];
  readonly weight?: number;
  readonly files: readonly { readonly bytes: number; readonly sha256: string }[];
}

/** The catalogue's models; one file a model and hash. */
export const PACKAGED: readonly Facts[] = catalogJson.models.map((row) => {
  const { id, version, license, source } = row;
  const files = new Map(row.files.map(({ bytes, sha256 }) => [sha256, { bytes, sha256 }]));
  const facts = { id: `${id}@${version}`, name: id, license, source, files: [...files.values()] };
  if ("heads" in row && Array.isArray(row.heads)) return { ...facts, heads: row.heads.map(({ task }) => task) };
  if (!row.input || !row.output) return facts;
  return { ...facts, input: `${row.input.width} × ${row.input.height}`, classes: row.output.classes, weight: 1 };
});
