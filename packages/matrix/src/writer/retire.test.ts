import { BUNDLE_SLOTS, writerKey } from '@weft/core';
import { describe, expect, it } from 'vitest';
import { shown, type TwinClient, type TwinWorld, twinWorld } from '../../test/twin-world.ts';
import { BUNDLE_EVENT, OBJECT_EVENT } from '../event-types.ts';

const HOUR_MS = 60 * 60_000;
const NAMES = ['a', 'b', 'c'];

const room = (world: TwinWorld) => world.server.room('look', world.room);
const bundlesOf = (world: TwinWorld, { homeserver }: TwinClient) =>
  Array.from({ length: BUNDLE_SLOTS }, (_, slot) =>
    room(world).current(BUNDLE_EVENT, writerKey(homeserver.userId, slot, BUNDLE_SLOTS)),
  ).filter((event) => event !== undefined && Object.keys(event.content).length > 0);

/** Three objects placed at once, in a bundle at first, then in events of their own. */
async function placed(): Promise<TwinWorld> {
  const world = await twinWorld();
  for (const name of NAMES) world.owner.edit(name, { 'node.name': name });
  await world.timers.advance(HOUR_MS);
  expect(bundlesOf(world, world.owner)).toHaveLength(1);
  return world;
}

describe('an own bundle', () => {
  it('[W30] is blanked once others have carried all of it for a day, and nothing is missed', async () => {
    const world = await placed();
    await world.timers.advance(22 * HOUR_MS);
    expect(bundlesOf(world, world.owner)).toHaveLength(1);
    await world.timers.advance(4 * HOUR_MS);
    expect(bundlesOf(world, world.owner)).toEqual([]);
    const late = await world.open('builder');
    for (const name of NAMES) expect(shown(late, name, 'node.name')).toBe(name);
    expect(await late.session.verify()).toMatchObject({ isEqual: true });
    expect(await world.owner.session.verify()).toMatchObject({ isEqual: true });
    world.owner.edit('d', { 'node.name': 'd' });
    world.owner.edit('e', { 'node.name': 'e' });
    await world.timers.advance(60_000);
    expect(bundlesOf(world, world.owner)).toHaveLength(1);
    expect(world.owner.session.unsaved).toBe(0);
  });

  it('[W30] stays where one of its objects has no event of its own', async () => {
    const world = await placed();
    world.server.vanish(world.room, OBJECT_EVENT, 'b');
    world.owner.homeserver.goOffline();
    await world.timers.advance(26 * HOUR_MS);
    world.owner.homeserver.goOnline();
    await world.timers.advance(2 * HOUR_MS);
    // The view is back, and not a day old.
    expect(room(world).current(OBJECT_EVENT, 'b')).toBeDefined();
    expect(bundlesOf(world, world.owner)).toHaveLength(1);
  });

  it('[W30] stays while it is the only one to carry on a purge', async () => {
    const world = await placed();
    const event = room(world).current(OBJECT_EVENT, 'b')?.event_id;
    if (event === undefined) throw new TypeError('the view of b');
    await world.owner.homeserver.redact(world.room, event, '');
    await world.timers.advance(48 * HOUR_MS);
    expect(JSON.stringify(bundlesOf(world, world.owner))).not.toContain('"b"');
    const late = await world.open('builder');
    expect(shown(late, 'b', 'node.name')).toBeUndefined();
    expect(await late.session.verify()).toMatchObject({ isEqual: true });
  });
});
