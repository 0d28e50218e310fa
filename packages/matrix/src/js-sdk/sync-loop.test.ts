import type { Network } from '@weft/core';
import { FakeTimers } from '@weft/testing';
import { describe, expect, it } from 'vitest';
import { parseRoomId } from '../ids.ts';
import { ServerClock } from '../server-clock.ts';
import { roomSync } from './room-sync.ts';
import { SyncLoop } from './sync-loop.ts';

interface Asked {
  readonly timeout: string;
  answer(): void;
  fail(): void;
}

/** A loop whose answers and whose network the test gives. */
async function started() {
  const asked: Asked[] = [];
  const told: string[] = [];
  const timers = new FakeTimers();
  const listeners = new Set<(isOnline: boolean) => void>();
  const network: Network = {
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  const loop = new SyncLoop({
    ...{ since: null, timers, network, fraction: () => 0, mail: () => undefined, filter: () => ({}) },
    take: async () => undefined,
    connection: (state) => told.push(state),
    request: ({ timeout = '' }, _, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('given up')));
        asked.push({
          timeout,
          answer: () => resolve({ next_batch: `t${asked.length}` }),
          fail: () => reject(new Error('no network')),
        });
      }),
  });
  const first = loop.start();
  asked[0]?.answer();
  await first;
  const settle = () => timers.advance(0);
  await settle();
  const change = async (isOnline: boolean) => {
    for (const listener of listeners) listener(isOnline);
    await settle();
  };
  return { loop, asked, told, listeners, settle, change };
}

describe('a sync on a device that tells of its network', () => {
  it('is asked for anew at once when that changes, and nothing is said where an answer comes', async () => {
    const { loop, asked, told, settle, change } = await started();
    expect(asked.map(({ timeout }) => timeout)).toEqual(['0', '30000']);
    await change(true);
    expect(asked.map(({ timeout }) => timeout)).toEqual(['0', '30000', '0']);
    asked[2]?.answer();
    await settle();
    expect([asked.length, told]).toEqual([4, ['online']]);
    loop.stop();
  });

  it('is found to be cut off at once, and does not wait for the next attempt when the network is back', async () => {
    const { loop, asked, told, settle, change } = await started();
    await change(false);
    asked[2]?.fail();
    await settle();
    expect([asked.length, told]).toEqual([3, ['online', 'offline']]);
    await change(true);
    expect(asked.length).toBe(4);
    asked[3]?.answer();
    await settle();
    expect(told).toEqual(['online', 'offline', 'online']);
    loop.stop();
  });

  it('is asked for anew where it is that of a room', async () => {
    const asked: string[] = [];
    let tell: (isOnline: boolean) => void = () => expect.fail('nobody listens');
    const timers = new FakeTimers();
    const loop = roomSync({
      ...{ room: parseRoomId(`!${'A'.repeat(43)}`), since: 't', timers, clock: new ServerClock('a.org') },
      ...{ fraction: () => 0, mail: () => undefined },
      listener: { update: () => undefined, connection: () => undefined },
      network: {
        onChange(listener) {
          tell = listener;
          return () => undefined;
        },
      },
      request: async ({ timeout = '' }, _, signal) => {
        asked.push(timeout);
        if (asked.length === 1) return { next_batch: 't1' };
        return new Promise((_resolve, reject) => signal.addEventListener('abort', reject));
      },
      readState: async () => [],
      readCreateEvent: async () => ({}),
    });
    await loop.start();
    tell(true);
    await timers.advance(0);
    expect(asked).toEqual(['0', '30000', '0']);
    loop.stop();
  });

  it('is no more followed once it was stopped', async () => {
    const { loop, asked, listeners, change } = await started();
    loop.stop();
    expect(listeners.size).toBe(0);
    await change(true);
    expect(asked.length).toBe(2);
  });
});
