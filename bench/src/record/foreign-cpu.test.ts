import { expect, test } from 'vitest';
import { readProcessStat, ticksOfTree } from './foreign-cpu.ts';

test('a process is read past a name that holds brackets and spaces', () => {
  const text = '71 (a) b (c)) S 70 71 71 0 -1 4194304 1 2 3 4 50 6 700 8 20 0 1 0 99 1 2';
  expect(readProcessStat(text)).toEqual({ id: 71, parent: 70, ticks: 764 });
  expect(readProcessStat('')).toBeNull();
});

test('what a process started counts as its own, however deep, and nothing else does', () => {
  const processes = [
    { id: 1, parent: 0, ticks: 1000 },
    { id: 10, parent: 1, ticks: 1 },
    { id: 11, parent: 10, ticks: 10 },
    { id: 12, parent: 11, ticks: 100 },
    { id: 20, parent: 1, ticks: 1000 },
  ];
  expect(ticksOfTree(processes, 10)).toBe(111);
  expect(ticksOfTree(processes, 99)).toBe(0);
});
