import type { SubjectKind } from "../../core/types.ts";

const PATHS = {
  text: "M3 4h10M3 8h10M3 12h6",
  image: "M2.5 3.5h11v9h-11zM2.5 10.5l3-3 2.5 2.5 2-2 3.5 3.5M10.5 6.2v.1",
  url: "M6.8 9.2a2.5 2.5 0 0 0 3.5 0l2-2a2.5 2.5 0 0 0-3.5-3.5l-.8.8M9.2 6.8a2.5 2.5 0 0 0-3.5 0l-2 2a2.5 2.5 0 0 0 3.5 3.5l.8-.8",
  refresh: "M13 4.5v3h-3M12.7 7.5a5 5 0 1 0 .1 2.2",
  close: "M4 4l8 8M12 4l-8 8",
  download: "M8 2.5v7.5M5 7l3 3 3-3M3 13h10",
} as const satisfies Record<SubjectKind, string> & Record<string, string>;

/** A line drawing in the colour of the text around it. It says nothing to a screen reader: the words beside it do. */
export function Icon({ name }: { name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
