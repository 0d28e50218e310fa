/** The finest decimal step that columns scale to integers: 10^-6. */
export const MAX_DECIMALS = 6;

const MAX_SCALED = 2 ** 31;
const POWERS: readonly number[] = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000];

/** 10 to the power of 0 to `MAX_DECIMALS`. */
export function powerOfTen(decimals: number): number {
  return POWERS[decimals] ?? Number.NaN;
}

/**
 * The fewest decimals with which a number is exactly an integer of 32 bits divided by a power of ten; `undefined`
 * where it is none. Division is correctly rounded, so what is exact with these decimals is exact with more.
 */
export function decimalsOf(value: number): number | undefined {
  for (let decimals = 0; decimals <= MAX_DECIMALS; decimals++) {
    const power = powerOfTen(decimals);
    const scaled = Math.round(value * power);
    if (Math.abs(scaled) >= MAX_SCALED) return undefined;
    if (scaled / power === value) return decimals;
  }
  return undefined;
}

export function isFloat32(value: number): boolean {
  return Math.fround(value) === value;
}
