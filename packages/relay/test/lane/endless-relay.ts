import { newActorId, parseObjectId, parsePath, parseUserId, patchOf, Replica, ROLE_LEVELS } from '@weft/core';
import { systemTimers } from '@weft/matrix';
import { encodeWirePatch } from '@weft/protocol';
import { openLaneRoom, ROOM_LIMITS, StoreJournal } from '@weft/relay';
import { ThreadPlace } from '@weft/store/thread';
import { TwinLaneSocket, TwinLaneWorld } from '@weft/testing/lane';
import { OBJECTS } from './endless-objects.ts';
import { testHello } from './test-hello.ts';

/** A relay on a real disk with one who writes without end and one who hears it, until it is killed. Says what was told and kept. */
const [, , directory = '', name = '', first = '1'] = process.argv;
const random = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));
const now = (): number => Date.now();
const [alice, bob] = ['@alice:example.org', '@bob:example.org'].map(parseUserId);
if (alice === undefined || bob === undefined) throw new Error('nobody');

const room = await openLaneRoom({
  world: new TwinLaneWorld({
    actor: newActorId(random),
    now,
    levels: [alice, bob].map((user) => [user, ROLE_LEVELS.builder] as const),
  }),
  journal: new StoreJournal(await new ThreadPlace(directory).open(name)),
  timers: systemTimers,
  random,
  log: { info: () => undefined, warn: (_fields, message) => process.stderr.write(`${message}\n`) },
  // So few that it is written anew again and again.
  limits: { ...ROOM_LIMITS, recentFrames: 5 },
});

const actor = newActorId(random);
const { clock } = new Replica({ actor, now });
const sent = new Map<number, number>();
const hearer = new TwinLaneSocket((frame) => {
  if (frame.type === 'patch-down') process.stdout.write(`told ${frame.seq}\n`);
});
room.join({ user: bob, device: 'B', memberId: 'b', hello: testHello(newActorId(random)) }, hearer);
const writer = new TwinLaneSocket((frame) => {
  if (frame.type === 'ack') process.stdout.write(`kept ${sent.get(frame.n)}\n`);
});
const session = room.join({ user: alice, device: 'A', memberId: 'a', hello: testHello(actor) }, writer);
let next = Number(first);
let n = 0;
const write = (): void => {
  for (let many = 0; many < 4; many += 1) {
    n += 1;
    sent.set(n, next);
    const value = `${next} `.padEnd(500, 'x');
    const patch = patchOf({
      registers: [
        {
          id: parseObjectId(`thing-${next % OBJECTS}`),
          path: parsePath('acme:note.text'),
          register: { value, stamp: clock.issue() },
        },
      ],
    });
    session?.receive({ type: 'patch-up', n, patch: encodeWirePatch(patch) });
    next += 1;
  }
  systemTimers.after(1, write);
};
write();
