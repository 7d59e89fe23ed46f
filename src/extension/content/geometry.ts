/** In CSS pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export function intersect(one: Area, other: Area | undefined): Area {
  if (!other) return one;
  return {
    left: Math.max(one.left, other.left),
    top: Math.max(one.top, other.top),
    right: Math.min(one.right, other.right),
    bottom: Math.min(one.bottom, other.bottom),
  };
}

/** Nobody reads what has so few pixels in one direction. */
const MIN_PX = 2;

export function isNothing({ left, top, right, bottom }: Area): boolean {
  return right - left <= MIN_PX || bottom - top <= MIN_PX;
}

/** Whether `clip` or `clip-path`, as computed, leaves nothing of an element of whatever size. */
export function clipsAll(clip: string, clipPath: string): boolean {
  return isEmptyRect(clip) || isEmptyShape(clipPath);
}

/** `rect(top, right, bottom, left)`. */
function isEmptyRect(clip: string): boolean {
  const sides = /^rect\((.*)\)$/
    .exec(clip)?.[1]
    ?.split(/[\s,]+/)
    .map(Number.parseFloat);
  if (sides?.length !== 4) return false;
  const [top = 0, right = 0, bottom = 0, left = 0] = sides;
  return right - left <= MIN_PX || bottom - top <= MIN_PX;
}

function isEmptyShape(path: string): boolean {
  const [, shape = "", inside = ""] = /^(inset|circle|ellipse|polygon)\(([^)]*)\)/.exec(path) ?? [];
  if (shape === "inset") return isEmptyInset(inside);
  if (shape === "polygon") return new Set(inside.split(",").map((point) => point.trim())).size < 3;
  return shape !== "" && /^0(px|%)?(\s|$)/.test(inside);
}

/** One to four sides in the order of margins, in per cent where they can empty a box of any size. */
function isEmptyInset(inside: string): boolean {
  const sides = inside
    .replace(/round.*/, "")
    .trim()
    .split(/\s+/);
  const share = (side: string | undefined) => (side?.endsWith("%") ? Number.parseFloat(side) : 0);
  const [top, right = top, bottom = top, left = right] = sides;
  return share(top) + share(bottom) >= 100 || share(left) + share(right) >= 100;
}
