import { FakeTimers } from '@weft/testing';
import { TwinServer } from '@weft/testing/homeserver';
import { homeserverContract } from './homeserver-contract.ts';

const CLOCK_OFFSET_MS = 90_000;

homeserverContract('the twin', async () => {
  const timers = new FakeTimers();
  const transports = [{ type: 'world.weft.relay', url: 'wss://relay.test', user_id: '@relay:twin.test' }];
  const rtc = { transports, wellKnown: transports };
  const server = new TwinServer({ timers, clockOffsetMs: CLOCK_OFFSET_MS, rtc });
  return {
    startsWhole: true,
    clockOffsetMs: CLOCK_OFFSET_MS,
    transports,
    connect: async (name) => server.connect(name),
    otherDevice: async ({ userId }) => server.connectDevice(userId.slice(1, userId.indexOf(':'))),
    async setMembership(by, room, user, change) {
      server.setMembership(room, by.userId, user, change === 'kick' ? 'leave' : change);
    },
    pass: (ms) => timers.advance(ms),
    stop: async () => undefined,
  };
});
