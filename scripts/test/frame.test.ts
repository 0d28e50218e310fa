import { expect, test } from 'vitest';
import { frame } from './frame.ts';

test('keeps every word and no line longer than its bars', () => {
  const text = `${'word '.repeat(60)}end\nsecond line`;
  const lines = frame('SKIPPED', text).split('\n');
  expect(lines.every((line) => line.length <= (lines[0]?.length ?? 0))).toBe(true);
  expect(lines.slice(2, -1).join(' ').replaceAll('!! ', '')).toBe(text.replace('\n', ' '));
});
