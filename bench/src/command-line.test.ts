import { expect, test } from 'vitest';
import { commandOf, helpText, readCommandLine, workloadHelp } from './command-line.ts';
import { UsageError, type Workload } from './workload.ts';

const dig: Workload = {
  name: 'dig',
  summary: 'digging',
  options: [{ name: 'depths', value: 'N,N', default: '1,2', help: 'metres' }],
  method: ['With a spade.'],
  run: async () => [],
};
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

test('without a workload there is none, and the help names them all', () => {
  expect(read().workload).toBeNull();
  expect(helpText([dig])).toContain('dig         digging');
  expect(workloadHelp(dig)).toContain('--depths N,N  metres (default 1,2)');
});
