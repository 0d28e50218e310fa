import { parseUserId } from '@weft/core';
import { RELAY_TRANSPORT, type RelayTransport } from '@weft/protocol';
import { FakeTimers, SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import { Discovery } from './discovery.ts';
import { DISCOVERY_DEADLINE, LOOK_AGAIN, REDISCOVER_MS } from './pacing.ts';

const relay: RelayTransport = {
  type: RELAY_TRANSPORT,
  url: 'wss://relay.example.org',
  user_id: parseUserId('@relay:example.org'),
};

function start(answer: (signal: AbortSignal) => Promise<readonly RelayTransport[]>) {
  const timers = new FakeTimers();
  const seen = { asked: 0, aborted: 0 };
  const discovery = new Discovery({
    signalling: {
      candidates: (signal) => {
        seen.asked += 1;
        signal.addEventListener('abort', () => {
          seen.aborted += 1;
        });
        return answer(signal);
      },
    },
    timers,
    random: new SeededRandom('discovery').bytes,
    changed: () => undefined,
  });
  discovery.start();
  return { timers, seen, discovery };
}

test('[LV1] relays are found, and looked for again now and then', async () => {
  const { timers, seen, discovery } = start(async () => [relay]);
  await timers.advance(0);
  expect([discovery.state, discovery.candidates]).toEqual(['known', [relay]]);
  await timers.advance(LOOK_AGAIN.firstMs * 1.5);
  expect(seen.asked).toBe(2);
  await timers.advance(10 * REDISCOVER_MS);
  expect(seen.asked).toBeLessThanOrEqual(2 + 4 + 10);
  const { asked } = seen;
  await timers.advance(REDISCOVER_MS * 1.5);
  expect(seen.asked - asked).toBeLessThanOrEqual(2);
  discovery.wake();
  await timers.advance(0);
  expect(seen.asked).toBeGreaterThan(asked + 1);
  discovery.stop();
  expect(timers.pending).toBe(0);
});

test('[LV1] a homeserver that fails or does not answer is asked again, later each time; what was known stays', async () => {
  let isFailing = false;
  const { timers, seen, discovery } = start(async () => {
    if (isFailing) throw new Error('no network');
    return [relay];
  });
  await timers.advance(0);
  isFailing = true;
  discovery.wake();
  await timers.advance(60_000);
  expect(discovery.candidates).toEqual([relay]);
  expect([discovery.state, discovery.reason]).toEqual(['waiting', 'no network']);
  expect(seen.asked).toBeLessThan(12);
  isFailing = false;
  await timers.advance(60_000);
  expect([discovery.state, discovery.reason]).toEqual(['known', '']);
});

test('[LV1] an answer that comes too late is nobody’s', async () => {
  const { timers, seen, discovery } = start(() => new Promise(() => undefined));
  await timers.advance(DISCOVERY_DEADLINE.firstMs);
  expect(discovery.state).toBe('waiting');
  expect(seen.aborted).toBe(1);
  expect(discovery.retryAtMs).toBeGreaterThan(timers.now());
  discovery.stop();
  expect([discovery.state, timers.pending]).toEqual(['off', 0]);
});

test('[LV1] a world without relays is looked at again, rarely', async () => {
  const { timers, seen, discovery } = start(async () => []);
  await timers.advance(REDISCOVER_MS);
  expect([discovery.state, seen.asked]).toEqual(['waiting', 1]);
  await timers.advance(REDISCOVER_MS);
  expect(seen.asked).toBe(2);
});
