import { expect, test } from 'vitest';
import { killRelayCommand, UsageError } from './options.ts';

test('pictures by day in full, unless told otherwise', () => {
  expect(killRelayCommand([])).toEqual({
    ...{ colourScheme: 'light', quality: 'full', offlineSeconds: 0 },
    ...{ json: false, help: false },
  });
  expect(killRelayCommand(['--dark', '--low', '--json', '--offline', '600'])).toMatchObject({
    colourScheme: 'dark',
    quality: 'low',
    offlineSeconds: 600,
    json: true,
  });
});

test.each([
  ['--offline', '0'],
  ['--offline', '601'],
  ['--offline', 'long'],
  ['--pages', '3'],
  ['two'],
  ['--dark=yes'],
])('refuses %s %s', (...args) => {
  expect(() => killRelayCommand(args.filter((arg) => arg !== undefined))).toThrow(UsageError);
});
