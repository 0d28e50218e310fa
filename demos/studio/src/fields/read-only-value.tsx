import type { FieldDescription, Value } from '@weft/core';
import { numberText } from './number-text.ts';

const BYTES_A_KILOBYTE = 1_000;

/** What Weft writes by itself, as text that can be copied. */
export function ReadOnlyValue({ field, value }: { field: FieldDescription; value: Value | undefined }) {
  const text = readOnlyText(field, value);
  return (
    <span class="quiet-value" title={text}>
      {text}
    </span>
  );
}

export function readOnlyText(
  { unit, property }: Pick<FieldDescription, 'unit' | 'property'>,
  value: unknown,
): string {
  if (typeof value === 'number' && unit === 'B') return byteText(value);
  if (typeof value === 'number' && property === 'created') return new Date(value).toLocaleString();
  if (typeof value === 'number') return `${numberText(value)}${unit === null ? '' : ` ${unit}`}`;
  if (isBox(value)) return sizeText(value);
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function byteText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  let amount = bytes;
  let at = 0;
  while (amount >= BYTES_A_KILOBYTE && at < units.length - 1) {
    amount /= BYTES_A_KILOBYTE;
    at += 1;
  }
  return `${at === 0 ? amount : amount.toFixed(1)} ${units[at]}`;
}

interface Box {
  readonly min: readonly number[];
  readonly max: readonly number[];
}

function isBox(value: unknown): value is Box {
  if (typeof value !== 'object' || value === null || !('min' in value) || !('max' in value)) return false;
  return Array.isArray(value.min) && Array.isArray(value.max);
}

// Width, height and depth say more to a person than two corners.
function sizeText({ min, max }: Box): string {
  const lengths = [0, 1, 2].map((axis) => numberText(Number(max[axis]) - Number(min[axis])));
  return `${lengths.join(' × ')} m`;
}
