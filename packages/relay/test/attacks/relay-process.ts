import { randomBytes } from 'node:crypto';
import { newActorId, parseUserId, type RandomBytes, ROLE_LEVELS, type Timers, type UserId } from '@weft/core';
import { ThreadPlace } from '@weft/store/thread';
import { TwinLaneWorld } from '@weft/testing/lane';
import { readConfig } from '../../src/config/read-config.ts';
import { motionPart } from '../../src/motion/motion-part.ts';
import { nodeMotion } from '../../src/motion/node-motion.ts';
import { JournalCheck } from '../../src/server/journal-check.ts';
import { LaneRooms } from '../../src/server/lane-rooms.ts';
import { RelayEdge } from '../../src/server/relay-edge.ts';
import { createRelayLog } from '../../src/server/relay-log.ts';
import { roomLimitsOf } from '../../src/server/room-limits-of.ts';
import type { RelayAnswer, RelayCall, RelayReady, RelayValue } from './relay-call.ts';

// The relay that is attacked, whole but for its homeserver, in a process of its own: what it holds in memory is its own.

const [directory = '', settings = '{}'] = process.argv.slice(2);
const RELAY = parseUserId('@relay:example.org');
const WORLDS = ['!plaza:example.org', '!garden:example.org'];
const LEVELS = new Map<UserId, number>([
  [parseUserId('@alice:example.org'), ROLE_LEVELS.builder],
  [parseUserId('@bob:example.org'), ROLE_LEVELS.builder],
  [parseUserId('@victor:example.org'), 0],
]);

const timers: Timers = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
const random: RandomBytes = (length) => new Uint8Array(randomBytes(length));
const log = createRelayLog({
  ...{ level: 'error', users: 'hashed', salt: random(16) },
  write: (line) => process.stderr.write(line),
});

const config = readConfig(
  'the test',
  { homeserver: { url: 'http://localhost' }, server: { port: 0 }, ...JSON.parse(settings) },
  {},
);
const place = new ThreadPlace(directory);
const journal = await JournalCheck.open(place, random);
const edge: RelayEdge = await RelayEdge.open({
  ...{ config, timers, random, log, secrets: { metricsToken: null }, userId: RELAY, services: null },
  ...{ checks: [journal], journals: () => rooms.journals() },
});
const rooms = new LaneRooms({
  ...{
    place,
    timers,
    random,
    log,
    parts: [motionPart(nodeMotion, config.motion)],
    limits: roomLimitsOf(config),
  },
  committed: (ms) => edge.metrics.committed(ms),
});
const worlds = new Map<string, TwinLaneWorld>();
for (const room of WORLDS) {
  const world = new TwinLaneWorld({ actor: newActorId(random), now: timers.now, levels: LEVELS });
  worlds.set(room, world);
  await rooms.open(room, world);
}
edge.serve({
  userId: RELAY,
  count: WORLDS.length,
  mayEnter: (room, user) => (worlds.get(room)?.access(user) ?? null) !== null,
  roomOf: (room) => rooms.of(room),
  lastAnswerMs: () => Date.now(),
  drain: (inMs) => rooms.drain(inMs),
  close: () => rooms.closeAll(),
});

async function answerTo(call: RelayCall): Promise<RelayValue> {
  switch (call.call) {
    case 'ticket':
      return edge.office.issue(call.request);
    case 'kick':
      for (const [room, world] of worlds) {
        world.setLevel(call.user, null);
        edge.revoke(call.user, room);
      }
      return null;
    case 'memory':
      globalThis.gc?.();
      return process.memoryUsage.rss();
    case 'applied':
      return [...worlds.values()].reduce(
        (sum, { replica }) => sum + [...replica.base.ids()].length + replica.scene.size,
        0,
      );
    case 'ticketTimes':
      return call.requests.map((request) => {
        const times = Array.from({ length: call.rounds }, () => {
          const from = performance.now();
          edge.office.issue(request);
          return performance.now() - from;
        });
        return times.toSorted((a, b) => a - b)[Math.floor(call.rounds / 2)] ?? 0;
      });
  }
}

process.on('message', ({ id, ...call }: RelayCall & { readonly id: number }) => {
  void answerTo(call).then((value) => process.send?.({ id, value } satisfies RelayAnswer));
});
process.on('disconnect', () => process.exit());
process.send?.({ port: edge.port } satisfies RelayReady);
