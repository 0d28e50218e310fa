const MAX_DIGITS = 4;

/** A number as a person reads it: at most four decimals, no trailing zeros, never exponents or -0. */
export function numberText(value: number): string {
  const text = value.toFixed(MAX_DIGITS);
  return text.includes('.') ? text.replace(/\.?0+$/, '').replace(/^-0$/, '0') : text;
}

/** What was typed, with a decimal comma allowed and `=` sums left out; `null` where it is no number. */
export function parseNumberText(text: string): number | null {
  const cleaned = text.trim().replace(',', '.');
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,2})?$/i.test(cleaned)) return null;
  return Number(cleaned);
}

export interface NumberRange {
  readonly min: number | null;
  readonly max: number | null;
}

export function clamp(value: number, { min, max }: NumberRange): number {
  return Math.min(max ?? Number.POSITIVE_INFINITY, Math.max(min ?? Number.NEGATIVE_INFINITY, value));
}

/** The value after moving by a number of steps, free of the noise of binary fractions. */
export function stepBy(value: number, steps: number, step: number, range: NumberRange): number {
  const digits = Math.max(0, -Math.floor(Math.log10(step)) + 1);
  return clamp(Number((value + steps * step).toFixed(digits + 2)), range);
}
