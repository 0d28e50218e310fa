import { UsageError } from '@weft/testing/command';
import { expect, test } from 'vitest';
import { netsplitCommand } from './options.ts';

test('a minute on servers as they are shipped, unless told otherwise', () => {
  expect(netsplitCommand([])).toMatchObject({ seconds: 60, retries: 'stock', how: 'refusing', json: false });
  expect(netsplitCommand(['--seconds', '4', '--retries=tuned', '--silent', '--json'])).toEqual({
    seconds: 4,
    retries: 'tuned',
    how: 'silent',
    json: true,
    help: false,
  });
});

test.each([
  ['--seconds', '3'],
  ['--seconds', '3601'],
  ['--seconds', '4.5'],
  ['--seconds', 'long'],
  ['--retries', 'none'],
  ['--fast', ''],
  ['60', ''],
])('refuses %s %s', (...args) => {
  expect(() => netsplitCommand(args.filter((arg) => arg !== ''))).toThrow(UsageError);
});
