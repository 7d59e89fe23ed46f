/** Alone, a picture with no side this long says nothing to a network and is let through. */
const MIN_SIDE_PX = 48;

export function isImage(target: EventTarget | null): target is HTMLImageElement {
  return target instanceof HTMLImageElement;
}

export function* imagesIn(node: Node): Generator<HTMLImageElement> {
  if (isImage(node)) yield node;
  else if (node instanceof Element) yield* node.querySelectorAll("img");
}

export function addressOf(image: HTMLImageElement): string {
  return image.currentSrc || image.src;
}

/** A picture without any size of its own (some SVG) is not tiny: nobody knows how large it is painted. */
export function isTiny({ naturalWidth, naturalHeight }: HTMLImageElement): boolean {
  const side = Math.max(naturalWidth, naturalHeight);
  return side > 0 && side < MIN_SIDE_PX;
}
