/**
 * Whether a colour lies in the box of skin tones in YCbCr: 77 ≤ Cb ≤ 127 and 133 ≤ Cr ≤ 173 (Chai and Ngan, "Face
 * segmentation using skin-color map in videophone applications", IEEE TCSVT 9(4), 1999), and not nearly black.
 *
 * A weak sign, known to be biased: wood, sand, bread, brick and warm lamps lie in the box as well; very dark and very pale
 * skin, coloured light and black-and-white pictures fall out of it, so that it finds some people's skin less often than
 * others'. It therefore never decides beside a network.
 */
export function isSkin(r: number, g: number, b: number): boolean {
  const y = 0.299 * r + 0.587 * g + 0.114 * b;
  const cb = 128 + 0.564 * (b - y);
  const cr = 128 + 0.713 * (r - y);
  return y > 40 && cb >= 77 && cb <= 127 && cr >= 133 && cr <= 173;
}
