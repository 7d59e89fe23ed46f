/** In sRGB: red, green and blue from 0 to 255, alpha from 0 to 1. */
export interface Colour {
  readonly r: number;
  readonly g: number;
  readonly b: number;
  readonly a: number;
}

const RGB = /^rgba?\(([\d.]+)[,\s]+([\d.]+)[,\s]+([\d.]+)(?:\s*[,/]\s*([\d.]+))?\)$/;

/** As `getComputedStyle` writes nearly every colour; undefined for other colour spaces. */
export function parseRgb(css: string): Colour | undefined {
  const [, r, g, b, a = "1"] = RGB.exec(css) ?? [];
  return r === undefined ? undefined : { r: Number(r), g: Number(g), b: Number(b), a: Number(a) };
}

/** A colour laid over an opaque one. */
export function over(top: Colour, below: Colour): Colour {
  const mix = (part: "r" | "g" | "b") => top.a * top[part] + (1 - top.a) * below[part];
  return { r: mix("r"), g: mix("g"), b: mix("b"), a: 1 };
}

/** Contrast ratio of two opaque colours, from 1 for equal ones to 21 (WCAG 2.2, 1.4.3). */
export function contrast(one: Colour, other: Colour): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance({ r, g, b }: Colour): number {
  const linear = (part: number) => {
    const value = part / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

let paper: OffscreenCanvasRenderingContext2D | null | undefined;
const known = new Map<string, Colour | undefined>();
const MAX_KNOWN = 500;

/** Any colour of CSS, in sRGB; undefined where the browser draws nothing for it. */
export function colourOf(css: string): Colour | undefined {
  const rgb = parseRgb(css);
  if (rgb || known.has(css)) return rgb ?? known.get(css);
  if (known.size > MAX_KNOWN) known.clear();
  const drawn = draw(css);
  known.set(css, drawn);
  return drawn;
}

function draw(css: string): Colour | undefined {
  paper ??= new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  if (!paper) return undefined;
  paper.clearRect(0, 0, 1, 1);
  paper.fillStyle = css;
  paper.fillRect(0, 0, 1, 1);
  const [r = 0, g = 0, b = 0, a = 0] = paper.getImageData(0, 0, 1, 1).data;
  return { r, g, b, a: a / 255 };
}
