import { SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import { TwinWorlds } from '../../test/twin-worlds.ts';
import { liveLane } from './live-lane.ts';

test('[LW5] a world without a relay looks for one at once when its device has a network again', async () => {
  const twin = new TwinWorlds();
  const listeners = new Set<(isOnline: boolean) => void>();
  const tell = (isOnline: boolean) => {
    for (const listener of listeners) listener(isOnline);
  };
  twin.makeLane = liveLane({
    ...{ timers: twin.timers, random: new SeededRandom('live lane').bytes, subtle: undefined },
    openSocket: () => expect.fail('there is no relay'),
    network: {
      onChange(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  });
  const world = await twin.create('ann');
  await twin.timers.advance(5_000);
  const stage = () => world.channel?.status.value.stage;
  expect(stage()).toBe('waiting');
  tell(false);
  expect(stage()).toBe('waiting');
  tell(true);
  expect(stage()).toBe('discovering');
  await twin.run(world.close());
  expect(listeners.size).toBe(0);
});
