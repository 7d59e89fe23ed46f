import type { Finding } from "../../core/types.ts";

/** Where in its text a finding points to, detector after detector. */
export function spansOf(finding: Finding | undefined) {
  return (finding?.signals ?? []).flatMap(({ evidence }) =>
    evidence.flatMap((item) => (item.kind === "span" ? [item] : [])),
  );
}
