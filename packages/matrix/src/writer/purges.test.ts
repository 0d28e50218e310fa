import { BUNDLE_SLOTS, LAYER_SLOTS, parseObjectId, writerKey } from '@weft/core';
import { BUNDLE_EVENT, LAYER_EVENT } from '@weft/matrix';
import { describe, expect, it } from 'vitest';
import { bundlesOf, shown, twinWorld } from '../../test/twin-world.ts';

const SECRET = parseObjectId('secret');

describe('what was purged', () => {
  it('[W25] leaves the bundles of who carried it, at once', async () => {
    const world = await twinWorld();
    world.owner.edit('secret', { 'node.name': 'Secret' });
    world.owner.edit('table', { 'node.name': 'Table' });
    await world.timers.advance(500);
    expect(bundlesOf(world, world.owner)[0]?.objects.get(SECRET)?.registers.size).toBe(1);
    const room = world.server.room('look', world.room);
    world.server.append(room, {
      type: 'world.weft.object',
      sender: room.creator,
      stateKey: 'secret',
      content: {},
    });
    await world.timers.advance(500);
    const [bundle] = bundlesOf(world, world.owner);
    expect(bundle?.objects.get(SECRET)?.registers.size).toBe(0);
    expect(bundle?.objects.get(SECRET)?.purge).not.toBeNull();
    expect(JSON.stringify(bundle?.objects.size)).toBe('2');
    const late = await world.open('other');
    expect(shown(late, 'table', 'node.name')).toBe('Table');
    expect(shown(late, 'secret', 'node.name')).toBeUndefined();
  });

  it('[W25] leaves layers: the blob is made anew without it', async () => {
    const world = await twinWorld();
    for (let at = 0; at < 50; at += 1) world.owner.edit(`object-${at}`, { 'node.name': `Secret ${at}` });
    await world.timers.advance(500);
    const done = world.owner.session.checkpoint();
    await world.timers.advance(1000);
    await done;
    const room = world.server.room('look', world.room);
    const layer = () =>
      room.current(LAYER_EVENT, writerKey(world.owner.homeserver.userId, 0, LAYER_SLOTS))?.content;
    const before = layer();
    expect(before).toBeDefined();
    world.server.append(room, {
      type: 'world.weft.object',
      sender: room.creator,
      stateKey: 'object-7',
      content: {},
    });
    await world.timers.advance(2000);
    expect(layer()).not.toEqual(before);
    const kept = [...bundlesOf(world, world.owner)].flatMap((patch) => [...patch.objects.values()]);
    expect(kept.filter(({ registers }) => registers.size > 0)).toHaveLength(49);
    expect(world.owner.session.unsaved).toBe(0);
  });

  it('[W25] leaves them also where the homeserver fails or refuses at first, and keeps no edit waiting', async () => {
    const world = await twinWorld();
    const builder = await world.open('builder');
    for (let at = 0; at < 50; at += 1) builder.edit(`object-${at}`, { 'node.name': `Secret ${at}` });
    await world.timers.advance(500);
    expect(bundlesOf(world, builder)[0]?.objects.get(parseObjectId('object-7'))?.registers.size).toBe(1);
    const room = world.server.room('look', world.room);
    const level = (power: number) => {
      const levels = room.current('m.room.power_levels', '')?.content;
      const events = { ...Object(levels?.events), [BUNDLE_EVENT]: power };
      const content = JSON.parse(JSON.stringify({ ...levels, events }));
      world.server.append(room, { type: 'm.room.power_levels', sender: room.creator, stateKey: '', content });
    };
    const purge = async (id: string) => {
      world.server.append(room, {
        type: 'world.weft.object',
        sender: room.creator,
        stateKey: id,
        content: {},
      });
      await world.timers.advance(500);
    };
    const held = () =>
      bundlesOf(world, builder).flatMap(({ objects }) =>
        [...objects].flatMap(([id, { registers }]) => (registers.size > 0 ? [id] : [])),
      );
    const failure = { kind: 'answer', status: 502, errcode: 'M_UNKNOWN' } as const;
    builder.homeserver.faults.add(failure, failure);
    await purge('object-7');
    builder.edit('table', { 'node.name': 'Table' });
    await world.timers.advance(20_000);
    expect(held()).not.toContain('object-7');
    expect(builder.session.unsaved).toBe(0);

    const refusal = { kind: 'answer', status: 403, errcode: 'M_FORBIDDEN' } as const;
    builder.homeserver.faults.add(refusal);
    await purge('object-8');
    builder.edit('table', { 'node.name': 'Larger table' });
    await world.timers.advance(60_000);
    expect(held()).toContain('object-8');
    expect(builder.session.unsaved).toBe(0);
    level(24);
    await world.timers.advance(1000);
    expect(held()).not.toContain('object-8');
  });

  it('[W25] leaves them again where a state resolution goes back to what held it', async () => {
    const world = await twinWorld();
    world.owner.edit('secret', { 'node.name': 'Secret' });
    world.owner.edit('table', { 'node.name': 'Table' });
    await world.timers.advance(500);
    const room = world.server.room('look', world.room);
    const bundle = room.timeline.findLast(({ type }) => type === BUNDLE_EVENT);
    if (bundle === undefined) throw new Error('no bundle');
    const held = () => bundlesOf(world, world.owner)[0]?.objects.get(SECRET)?.registers.size;
    world.server.append(room, {
      type: 'world.weft.object',
      sender: room.creator,
      stateKey: 'secret',
      content: {},
    });
    // Before the homeserver tells of the bundle without it.
    for (let ms = 0; held() !== 0 && ms < 5000; ms += 1) await world.timers.advance(1);
    expect(held()).toBe(0);
    world.server.resolveTo(world.room, bundle.event_id);
    expect(held()).toBe(1);
    // Of levels that changed nobody can tell what they did to the state: it is read again.
    const content = { ...room.current('m.room.power_levels', '')?.content, notifications: { room: 60 } };
    world.server.append(room, { type: 'm.room.power_levels', sender: room.creator, stateKey: '', content });
    await world.timers.advance(30_000);
    expect(held()).toBe(0);
  });

  it('[W25] of a redacted bundle is carried on, so that those who come later do not see it', async () => {
    const world = await twinWorld();
    const builder = await world.open('builder');
    world.owner.edit('secret', { 'node.name': 'Secret' });
    world.owner.edit('other', { 'node.name': 'Other' });
    await world.timers.advance(500);
    // Another carrier of the same object, by somebody else.
    builder.edit('secret', { 'node.kind': 'thing' });
    builder.edit('table', { 'node.name': 'Table' });
    await world.timers.advance(500);
    const room = world.server.room('look', world.room);
    const key = writerKey(world.owner.homeserver.userId, 0, BUNDLE_SLOTS).slice(0, -1);
    const event = room.timeline.find(
      ({ type, state_key: found }) => type === BUNDLE_EVENT && found?.startsWith(key),
    );
    if (event === undefined) throw new Error('no bundle');
    await world.owner.homeserver.redact(world.room, event.event_id, '');
    await world.timers.advance(30_000);
    const late = await world.open('other');
    expect(shown(late, 'secret', 'node.kind')).toBeUndefined();
    expect(shown(late, 'table', 'node.name')).toBe('Table');
    expect(world.owner.session.unsaved + builder.session.unsaved).toBe(0);
  });
});
