import { BUNDLE_SLOTS, parseWriterKey, writerHashOf } from '@weft/core';
import { describe, expect, it } from 'vitest';
import { noise, refusing, shown, type TwinClient, type TwinWorld, twinWorld } from '../../test/twin-world.ts';
import { MAX_STATE_KEYS } from './choose-carrier.ts';

const MINUTE_MS = 60_000;
const STOCK = { perSecond: 0.2, burst: 10 };

function editMany(client: TwinClient, count: number, name: string): void {
  for (let at = 0; at < count; at += 1) client.edit(`${name}-${at}`, { 'node.name': `${name} ${at}` });
}

const typesOf = (written: readonly string[]) => written.map((line) => line.split(' ')[0]);

function slotsOf(world: TwinWorld, client: TwinClient): number[] {
  return world
    .written(client)
    .filter((line) => line.startsWith('bundle '))
    .map((line) => parseWriterKey(line.slice('bundle '.length), BUNDLE_SLOTS)?.slot ?? -1);
}

describe('bundles', () => {
  it('[W19] carry what is dirty together in one event, and keep what they carried before', async () => {
    const world = await twinWorld();
    editMany(world.owner, 50, 'a');
    await world.timers.advance(500);
    expect(typesOf(world.written(world.owner))).toEqual(['bundle']);
    expect(world.owner.session.unsaved).toBe(0);
    editMany(world.owner, 20, 'b');
    await world.timers.advance(500);
    expect(typesOf(world.written(world.owner))).toEqual(['bundle', 'bundle']);
    expect(new Set(slotsOf(world, world.owner)).size).toBe(1);
    const late = await world.open('other');
    expect(shown(late, 'a-49', 'node.name')).toBe('a 49');
    expect(shown(late, 'b-19', 'node.name')).toBe('b 19');
  });

  it('[W19] do not lose what was accepted and no sync has shown yet', async () => {
    const world = await twinWorld();
    for (const follower of world.owner.homeserver.followers) follower.hold();
    editMany(world.owner, 3, 'a');
    await world.timers.advance(500);
    editMany(world.owner, 3, 'b');
    await world.timers.advance(500);
    const late = await world.open('other');
    expect(['a-0', 'b-0'].map((id) => shown(late, id, 'node.name'))).toEqual(['a 0', 'b 0']);
    for (const follower of world.owner.homeserver.followers) follower.release();
    await world.timers.advance(5000);
    expect(world.owner.session.unsaved).toBe(0);
    expect(typesOf(world.written(world.owner))).toEqual(['bundle', 'bundle']);
  });

  it('[W19] are filled one after the other', async () => {
    const world = await twinWorld();
    for (let round = 0; round < 4; round += 1) {
      for (let at = 0; at < 10; at += 1)
        world.owner.edit(`${round}-${at}`, { 'node.name': noise(2000, `${round} ${at}`) });
      await world.timers.advance(500);
    }
    const slots = slotsOf(world, world.owner);
    expect(slots).toHaveLength(4);
    expect(new Set(slots).size).toBe(2);
    const late = await world.open('other');
    for (let round = 0; round < 4; round += 1)
      expect(shown(late, `${round}-9`, 'node.name')).toHaveLength(2000);
  });

  it('[W19] one object alone goes into its own event', async () => {
    const world = await twinWorld();
    world.owner.edit('table', { 'node.name': 'Table' });
    await world.timers.advance(500);
    expect(world.written(world.owner)).toEqual(['object table']);
  });

  it.each([
    [500, 'M_UNKNOWN'],
    [400, 'M_BAD_JSON'],
    [413, 'M_TOO_LARGE'],
  ])(
    '[W20] a register on which the server answers %i is found by halving, and the others pass',
    async (status, errcode) => {
      const world = await twinWorld();
      world.owner.homeserver.faults.poison = refusing('a 37', status, errcode);
      editMany(world.owner, 64, 'a');
      await world.timers.advance(MINUTE_MS);
      expect(world.owner.session.unsaved).toBe(1);
      const stuck = world.owner.problems.filter(({ carrier }) => carrier.startsWith('world.weft.object'));
      expect(new Set(stuck.map(({ carrier }) => carrier))).toEqual(new Set(['world.weft.object/a-37']));
      const late = await world.open('other');
      for (const id of ['a-0', 'a-36', 'a-38', 'a-63']) expect(shown(late, id, 'node.name')).toBeDefined();
      expect(shown(late, 'a-37', 'node.name')).toBeUndefined();
      world.owner.homeserver.faults.poison = () => null;
      world.owner.edit('a-37', { 'node.name': 'better' });
      await world.timers.advance(2 * MINUTE_MS);
      expect(world.owner.session.unsaved).toBe(0);
    },
  );

  it('[W20] takes no object for poison while the server fails on everything', async () => {
    const world = await twinWorld();
    world.owner.homeserver.faults.poison = refusing('', 500, 'M_UNKNOWN');
    editMany(world.owner, 64, 'a');
    await world.timers.advance(10 * MINUTE_MS);
    const tries = world.written(world.owner).length;
    expect(tries).toBeLessThan(40);
    expect(world.owner.session.unsaved).toBe(64);
    world.owner.homeserver.faults.poison = () => null;
    await world.timers.advance(MINUTE_MS);
    expect(world.owner.session.unsaved).toBe(0);
    // One group gets through, then all the rest at once. Views follow.
    const after = world.written(world.owner).slice(tries);
    expect(typesOf(after.slice(0, 2))).toContain('bundle');
    expect(typesOf(after).filter((type) => type === 'bundle').length).toBeLessThanOrEqual(2);
  });

  it('[W21] carry an object that is too large for an event of its own', async () => {
    const world = await twinWorld();
    const builder = await world.open('builder');
    world.owner.edit('big', { 'acme:a.text': noise(3500, 'a'), 'acme:b.text': noise(3500, 'b') });
    await world.timers.advance(500);
    builder.edit('big', { 'acme:c.text': noise(3500, 'c') });
    await world.timers.advance(MINUTE_MS);
    expect(builder.session.unsaved).toBe(0);
    expect(builder.problems).toEqual([]);
    expect(typesOf(world.written(builder))).toEqual(['bundle']);
    const late = await world.open('other');
    for (const name of ['a', 'b', 'c']) expect(shown(late, 'big', `acme:${name}.text`)).toHaveLength(3500);
  });

  it('[W21] leave personal objects to the personal event of their owner', async () => {
    const world = await twinWorld();
    const visitor = await world.open('visitor');
    const own = `u_${writerHashOf(visitor.homeserver.userId)}_hat`;
    visitor.edit(own, { 'node.name': 'Hat' });
    await world.timers.advance(500);
    expect(world.written(visitor)).toEqual([`personal ${visitor.homeserver.userId}`]);
    expect(visitor.session.unsaved).toBe(0);
    visitor.edit(`${own}2`, { 'node.name': 'Coat' });
    await world.timers.advance(500);
    const late = await world.open('other');
    expect([own, `${own}2`].map((id) => shown(late, id, 'node.name'))).toEqual(['Hat', 'Coat']);
    late.edit(own, { 'node.name': 'Mine' });
    await world.timers.advance(500);
    expect(world.written(late)).toEqual([]);
    expect(late.problems).toMatchObject([
      { carrier: `world.weft.object/${own}`, error: { code: 'forbidden' } },
    ]);
  });

  it('[W22] lets no edit wait for more than 6 seconds while tokens trickle, and keeps two otherwise', async () => {
    const world = await twinWorld({ rateLimit: STOCK });
    const reader = await world.open('builder');
    const startMs = world.timers.now();
    let longestMs = 0;
    for (let at = 0; at < 300; at += 1) {
      world.owner.edit('ball', { 'transform.position': [world.timers.now() - startMs, 0, 0] });
      await world.timers.advance(1010);
      const [seenMs] = [shown(reader, 'ball', 'transform.position')].flat();
      longestMs = Math.max(longestMs, world.timers.now() - startMs - Number(seenMs));
    }
    // The oldest edit that is not in the room yet came within a second after the newest that is.
    expect(longestMs).toBeLessThanOrEqual(6000 + 2 * 1010);
    // 300 seconds are 60 tokens, after the burst.
    expect(world.writes(world.owner)).toBeLessThanOrEqual(10 + 60 + 2);
    const { timeline } = world.server.room('look', world.room);
    const accepted = timeline.filter(({ type }) => type === 'world.weft.object').length;
    expect(world.writes(world.owner) - accepted).toBeLessThanOrEqual(2);
  });

  it('[W23] are followed by readable events of their objects once these rest, while tokens are plentiful', async () => {
    const world = await twinWorld({ rateLimit: STOCK });
    editMany(world.owner, 20, 'a');
    await world.timers.advance(9000);
    expect(world.writes(world.owner)).toBe(0);
    await world.timers.advance(10_000);
    const atOnce = world.writes(world.owner);
    expect(atOnce).toBeGreaterThan(2);
    expect(atOnce).toBeLessThan(8);
    // A fresh edit finds tokens.
    world.owner.edit('fresh', { 'node.name': 'Fresh' });
    await world.timers.advance(300);
    expect(world.owner.session.unsaved).toBe(0);
    await world.timers.advance(3 * MINUTE_MS);
    expect(world.writes(world.owner)).toBe(21);
    await world.timers.advance(10 * MINUTE_MS);
    expect(world.writes(world.owner)).toBe(21);
    const content = world.server.room('look', world.room).current('world.weft.object', 'a-7')?.content;
    expect(content).toMatchObject({ node: { name: 'a 7' } });
  });

  it('[W23] add no state key to a room that has 2,000, for a view or for an object alone', async () => {
    const world = await twinWorld();
    const room = world.server.room('fill', world.room);
    // With the world's own event and the bundle to come there is room for one view.
    for (let at = 0; at < MAX_STATE_KEYS - 3; at += 1)
      world.server.append(room, {
        type: 'world.weft.filler',
        sender: room.creator,
        stateKey: String(at),
        content: {},
      });
    await world.timers.advance(5000);
    editMany(world.owner, 3, 'a');
    await world.timers.advance(MINUTE_MS);
    expect(typesOf(world.written(world.owner))).toEqual(['bundle', 'object']);
    world.owner.edit('alone', { 'node.name': 'Alone' });
    await world.timers.advance(MINUTE_MS);
    expect(typesOf(world.written(world.owner))).toEqual(['bundle', 'object', 'bundle']);
    expect(world.owner.session.unsaved).toBe(0);
  });

  it('[W26] two clients of one user lose nothing to each other', async () => {
    const world = await twinWorld();
    const second = await world.open('owner');
    for (let round = 0; round < 10; round += 1) {
      editMany(world.owner, 3, `first-${round}`);
      editMany(second, 3, `second-${round}`);
      await world.timers.advance(300);
    }
    await world.timers.advance(MINUTE_MS);
    expect(world.owner.session.unsaved + second.session.unsaved).toBe(0);
    const late = await world.open('other');
    for (let round = 0; round < 10; round += 1)
      for (const name of ['first', 'second'])
        expect(shown(late, `${name}-${round}-2`, 'node.name')).toBe(`${name}-${round} 2`);
  });
});
