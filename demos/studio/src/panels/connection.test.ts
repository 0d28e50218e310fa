import { expect, test } from 'vitest';
import { TRAVELS } from '../../test/memory-people.ts';
import { connectionOf } from './connection.ts';

test.each([
  ['relay', null, 'fast', 'Live', /there and back/],
  ['killed', null, 'slow', 'Matrix only', /connection was lost.*room alone/],
  ['connecting', null, 'waiting', 'Connecting', /Looking for a relay/],
  ['offline', null, 'cut', 'Offline', /kept in this browser and sent later/],
  ['offline', 'no room on this device', 'cut', 'Offline', /lost if this page is closed/],
] as const)('a world that says %s, and that it is not kept for %s', (lane, notKept, tone, word, sentence) => {
  const connection = connectionOf({ graph: 'ready', ...TRAVELS[lane], notKept });
  expect(connection).toEqual({ tone, word, sentence: expect.stringMatching(sentence) });
  expect(connectionOf({ graph: 'loading', ...TRAVELS[lane], notKept }).word).toBe('Loading');
});
