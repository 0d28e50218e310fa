import { expect, test } from 'vitest';
import { UsageError, walkersCommand } from './options.ts';

test('a hundred walk unless another number is asked for', () => {
  expect(walkersCommand([])).toMatchObject({ bots: 100, users: undefined, quality: 'full', picture: null });
  expect(walkersCommand(['--bots', '8', '--users', '1', '--low', '--picture', 'a.png'])).toMatchObject({
    ...{ bots: 8, users: 1, quality: 'low', picture: 'a.png' },
  });
  expect(walkersCommand(['-h']).help).toBe(true);
});

test.each([['--bots', '0'], ['--bots', '201'], ['--users', '1.5'], ['--users', '101'], ['--fast'], ['more']])(
  'is refused in words: %s %s',
  (...args) => {
    expect(() => walkersCommand(args)).toThrow(UsageError);
  },
);
