import { UsageError } from '@weft/testing/command';
import { expect, test } from 'vitest';
import { commandOf, durationText, helpText, readCommandLine, workloadHelp } from './command-line.ts';
import { defineWorkload, numbers } from './workload.ts';

const dig = defineWorkload({
  name: 'dig',
  summary: 'digging',
  options: { depths: numbers('1,2', { min: 1, max: 9 }, 'metres') },
  method: ['With a spade.'],
  seconds: ({ depths }) => depths.reduce((sum, depth) => sum + depth * 60, 0),
  run: async () => undefined,
});
const read = (...args: string[]) => readCommandLine(args, [dig]);

test('spells out every default in the command that makes the run again', () => {
  expect(commandOf(read('dig'))).toBe('npm run bench -- dig --depths 1,2 --seed 1');
  expect(commandOf(read('--seed', 'x', 'dig', '--depths', '7'))).toBe(
    'npm run bench -- dig --depths 7 --seed x',
  );
});

test('the recorded command reads back as the same run', () => {
  const command = read('dig', '--depths', '7', '--seed', 'x');
  expect(read(...commandOf(command).split(' ').slice('npm run bench --'.split(' ').length))).toEqual(command);
});

test.each([['fly'], ['dig', 'fly'], ['dig', '--width', '3'], ['dig', '--depths']])(
  'refuses %j',
  (...args) => {
    expect(() => read(...args)).toThrow(UsageError);
  },
);

test('without a workload there is none, and the help names them all, and how long they take', () => {
  expect(read().workload).toBeNull();
  expect(helpText([dig])).toContain('dig         digging; about 3 min');
  expect(workloadHelp(dig)).toContain('--depths N,N  metres (default 1,2)');
  expect(workloadHelp(dig)).toContain('about 3 min with the defaults');
});

test('a duration is in seconds below two minutes', () => {
  expect([0.1, 119, 120, 121].map(durationText)).toEqual([
    'about 1 s',
    'about 119 s',
    'about 2 min',
    'about 3 min',
  ]);
});
