import { describe, expect, it } from 'vitest';
import { KilledRelay } from './killed-relay.ts';

/** Processes start, on a machine that does other things too. */
const TIMEOUT_MS = 90_000;

describe('a relay that is killed', () => {
  it(
    'has what it acknowledged, and its clients come back to the same world',
    async () => {
      const relay = await KilledRelay.start({ seed: 'test', objects: 30, rate: 50 });
      try {
        await relay.checkLossShows();
        const { acknowledged, lost } = await relay.cycle();
        expect({ isSomeHeld: acknowledged > 0, lost }).toEqual({ isSomeHeld: true, lost: 0 });
        await relay.checkEqual();
      } finally {
        await relay.close();
      }
    },
    TIMEOUT_MS,
  );
});
