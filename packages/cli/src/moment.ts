import { UsageError } from './failure.ts';

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};
const AGO = /^(\d{1,6})([smhdw])$/;
const DATE = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?)?$/;

/**
 * A time as people write it: `10m`, `2h`, `3d` and `1w` ago, `now`, or ISO 8601, in this machine's zone where it names
 * none.
 * @returns milliseconds since 1970
 * @throws UsageError
 */
export function parseMoment(text: string, nowMs: number): number {
  const trimmed = text.trim();
  if (trimmed === 'now') return nowMs;
  const [, count, unit = ''] = AGO.exec(trimmed) ?? [];
  if (count !== undefined) return nowMs - Number(count) * (UNITS_MS[unit] ?? 0);
  const ms = DATE.test(trimmed) ? Date.parse(trimmed.replace(' ', 'T')) : Number.NaN;
  if (Number.isFinite(ms)) return ms;
  throw new UsageError(
    `${JSON.stringify(text)} is no time: write 10m, 2h or 3d for so long ago, or a date such as 2026-05-01T12:00.`,
  );
}

/** The same for people, to the second, in this machine's zone. */
export function momentText(ms: number): string {
  const pad = (value: number) => String(value).padStart(2, '0');
  const date = new Date(ms);
  const day = [date.getFullYear(), pad(date.getMonth() + 1), pad(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(pad).join(':')}`;
}
