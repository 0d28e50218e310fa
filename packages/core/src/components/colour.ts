/** Red, green, blue from 0 to 1, linear. */
export type LinearColour = readonly [number, number, number];

const HEX = /^#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})$/;

/** `#rrggbb` (sRGB, IEC 61966-2-1) as glTF's linear factors, six digits after the point; `null` for other text. */
export function linearFromHex(text: string): LinearColour | null {
  const [, red, green, blue] = HEX.exec(text) ?? [];
  if (red === undefined || green === undefined || blue === undefined) return null;
  return [toLinear(red), toLinear(green), toLinear(blue)];
}

/** Linear factors as the nearest `#rrggbb`; what is beyond 0 to 1 is cut off. */
export function hexFromLinear([red, green, blue]: LinearColour): string {
  return `#${fromLinear(red)}${fromLinear(green)}${fromLinear(blue)}`;
}

function toLinear(hex: string): number {
  const value = Number.parseInt(hex, 16) / 255;
  const linear = value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  return Math.round(linear * 1e6) / 1e6;
}

function fromLinear(linear: number): string {
  const cut = Math.min(1, Math.max(0, linear));
  const value = cut <= 0.0031308 ? cut * 12.92 : 1.055 * cut ** (1 / 2.4) - 0.055;
  return Math.round(value * 255)
    .toString(16)
    .padStart(2, '0');
}
