import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a turn has one number, the next another, and ends run once, in order', async () => {
  const turns = new Turns();
  const ended: string[] = [];
  const first = turns.current;
  turns.atEnd(() => ended.push('a'));
  turns.atEnd(() => ended.push('b'));
  await Promise.resolve();
  expect([turns.current, ended]).toEqual([first, []]);
  await nextTurn();
  expect(ended).toEqual(['a', 'b']);
  expect(turns.current).not.toBe(first);
  await nextTurn();
  expect(ended).toEqual(['a', 'b']);
});
