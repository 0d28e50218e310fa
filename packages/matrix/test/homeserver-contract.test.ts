import { FakeTimers } from '@weft/testing';
import { TwinServer } from '@weft/testing/homeserver';
import { homeserverContract } from './homeserver-contract.ts';

const CLOCK_OFFSET_MS = 90_000;

homeserverContract('the twin', async () => {
  const timers = new FakeTimers();
  const server = new TwinServer({ timers, clockOffsetMs: CLOCK_OFFSET_MS });
  return {
    startsWhole: true,
    clockOffsetMs: CLOCK_OFFSET_MS,
    connect: async (name) => server.connect(name),
    otherDevice: async ({ userId }) => server.connectDevice(userId.slice(1, userId.indexOf(':'))),
    async setMembership(by, room, user, change) {
      server.setMembership(room, by.userId, user, change === 'kick' ? 'leave' : change);
    },
    pass: (ms) => timers.advance(ms),
    stop: async () => undefined,
  };
});
