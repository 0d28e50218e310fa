import { CLOSE_CODES } from '@weft/protocol';
import { expect, test } from 'vitest';
import { closeEvent } from './close-event.ts';
import { LANE_TABLE } from './lane-table.ts';

test('[LV1] every close code leads somewhere: stop where the relay says no, another attempt otherwise', () => {
  const outcomes = Object.fromEntries(
    Object.entries(CLOSE_CODES).map(([name, code]) => [name, LANE_TABLE.live[closeEvent(code)]]),
  );
  const again = { to: 'waiting', pause: 'back-off' };
  expect(outcomes).toEqual({
    malformed: again,
    unauthenticated: again,
    forbidden: { to: 'off' },
    silent: again,
    replaced: { to: 'off' },
    tooLarge: again,
    tooMany: again,
    draining: { to: 'waiting', pause: 'drain' },
    slowReader: again,
  });
  for (const code of [1000, 1001, 1006, 1011, 4999]) expect(closeEvent(code)).toBe('lost');
});
