/** A picture of more is not decoded to be drawn small: each pixel takes four bytes. */
export const MAX_DRAWN_PIXELS = 64 * 1024 * 1024;

/** The size of a picture within a square, in its own proportions and never larger than it is. */
export function fitInto(
  side: number,
  { width, height }: { readonly width: number; readonly height: number },
): { readonly width: number; readonly height: number } {
  const factor = Math.min(1, side / Math.max(width, height));
  return {
    width: Math.max(1, Math.round(width * factor)),
    height: Math.max(1, Math.round(height * factor)),
  };
}
