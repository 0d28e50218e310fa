import { expect, test } from 'vitest';
import { momentText, parseMoment } from './moment.ts';

const NOW_MS = Date.UTC(2026, 4, 1, 12);

test.each([
  ['now', NOW_MS],
  ['90s', NOW_MS - 90_000],
  ['10m', NOW_MS - 600_000],
  [' 2h ', NOW_MS - 7_200_000],
  ['3d', NOW_MS - 3 * 86_400_000],
  ['1w', NOW_MS - 7 * 86_400_000],
  ['2026-04-30T08:00:00Z', Date.UTC(2026, 3, 30, 8)],
  ['2026-04-30T10:00+02:00', Date.UTC(2026, 3, 30, 8)],
  ['2026-04-30 10:00+02:00', Date.UTC(2026, 3, 30, 8)],
  ['2026-04-30', Date.UTC(2026, 3, 30)],
])('%s is a time', (text, ms) => {
  expect(parseMoment(text, NOW_MS)).toBe(ms);
});

test.each(['', 'yesterday', '10', 'm', '-5m', '1.5h', '9999999d', '2026-13-01', '2026-04-30T25:00', '1e3'])(
  '%s is none',
  (text) => {
    expect(() => parseMoment(text, NOW_MS)).toThrow(/is no time/);
  },
);

test('a time is shown in the zone of the machine, and reads back', () => {
  expect(momentText(NOW_MS)).toMatch(/^2026-0[45]-\d\d \d\d:00:00$/);
  expect(parseMoment(momentText(NOW_MS), 0)).toBe(NOW_MS);
});
