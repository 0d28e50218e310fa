import { ROLE_LEVEL, worldPowerLevels } from '@weft/matrix';
import { beforeEach, describe, expect, it } from 'vitest';
import { FakeTimers } from '../clock/fake-timers.ts';
import { SeededRandom } from '../random/seeded-random.ts';
import { Federation } from './federation.ts';
import type { Verdict } from './state-resolution.ts';
import type { TwinHomeserver } from './twin-homeserver.ts';
import type { TwinRoom } from './twin-room.ts';

const OBJECT = 'world.weft.object';
const NEAR = 'near.test';
const FAR = 'far.test';

describe('twins that federate', () => {
  let timers: FakeTimers;
  let federation: Federation;
  let verdict: Verdict;
  let ann: TwinHomeserver;
  let bob: TwinHomeserver;
  let rooms: readonly TwinRoom[];

  beforeEach(async () => {
    timers = new FakeTimers();
    verdict = 'stock';
    federation = new Federation({ timers, random: new SeededRandom('federation') });
    const servers = [NEAR, FAR].map((name) => federation.add(name, { twist: () => verdict }));
    [ann, bob] = servers.map((server, at) => server.connect(['ann', 'bob'][at] ?? '')) as [
      TwinHomeserver,
      TwinHomeserver,
    ];
    const room = await ann.createRoom({
      name: 'Room',
      access: 'private',
      roomVersion: '12',
      creation: {},
      aliasLocalpart: null,
      invite: [bob.userId],
      powerLevels: worldPowerLevels('private', { [bob.userId]: ROLE_LEVEL.builder }),
      initialState: [],
    });
    await bob.join(room, [NEAR]);
    rooms = servers.map((server) => server.room('look', room));
  });

  const write = (who: TwinHomeserver, stateKey: string, name: string) =>
    who.sendState(rooms[0]?.id as TwinRoom['id'], { type: OBJECT, stateKey, content: { name } });
  const names = (key = 'k') => rooms.map((room) => room.current(OBJECT, key)?.content.name);

  /** Both write the key apart from each other, and meet. */
  async function meet(): Promise<void> {
    await write(ann, 'k', 'old');
    await timers.advance(1000);
    federation.split([NEAR], [FAR]);
    await write(ann, 'k', 'near');
    await timers.advance(10);
    await write(bob, 'k', 'far');
    expect(names()).toEqual(['near', 'far']);
    federation.heal();
    await timers.advance(10_000);
  }

  it('agree on the later of two values, by the clock', async () => {
    await meet();
    expect(names()).toEqual(['far', 'far']);
  });

  it.each([
    ['other', 'near'],
    ['reset', 'old'],
    ['drop', undefined],
  ] as const)('do what a seed has them do where branches meet: %s', async (twist, left) => {
    verdict = twist;
    await meet();
    expect(names()).toEqual([left, left]);
  });

  it('tell of what a resolution let win, and never of what it took', async () => {
    verdict = 'drop';
    const told: string[] = [];
    await bob.follow(rooms[0]?.id as TwinRoom['id'], {
      update: ({ state }) => told.push(...state.map(({ content }) => String(content.name))),
      connection: () => undefined,
    });
    await meet();
    expect(told.at(-1)).not.toBe('undefined');
    expect(names()).toEqual([undefined, undefined]);
  });

  it('hand events on once, whatever their link does to them', async () => {
    for (const link of federation.links)
      link.quality = { delayMs: [1, 500], loss: 0.5, duplication: 0.5, reordering: 0.5 };
    for (let at = 0; at < 30; at += 1) {
      await write(at % 2 === 0 ? ann : bob, `k${at}`, 'x');
      await timers.advance(37);
    }
    await timers.advance(60_000);
    expect(federation.underWay).toBe(0);
    const ids = rooms.map((room) => room.timeline.map(({ event_id: id }) => id).sort());
    expect(ids[1]).toEqual(ids[0]);
    expect(new Set(ids[0]).size).toBe(ids[0]?.length);
  });

  it('refuse what was sent after its sender had lost the right, and keep who sent it out', async () => {
    federation.split([NEAR], [FAR]);
    const room = rooms[0]?.id as TwinRoom['id'];
    await ann.sendState(room, {
      type: 'm.room.member',
      stateKey: bob.userId,
      content: { membership: 'ban' },
    });
    await write(bob, 'k', 'too late');
    federation.heal();
    await timers.advance(10_000);
    expect(names()).toEqual([undefined, undefined]);
    expect(rooms[0]?.failures).toBe(1);
    await expect(write(bob, 'k', 'again')).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('answer nothing while they are down, and remember what they had accepted', async () => {
    const [near] = federation.servers;
    await write(ann, 'k', 'kept');
    if (near !== undefined) near.down = true;
    await expect(write(ann, 'k', 'lost')).rejects.toMatchObject({ code: 'unreachable' });
    if (near !== undefined) near.down = false;
    await timers.advance(5000);
    expect(names()).toEqual(['kept', 'kept']);
  });
});
