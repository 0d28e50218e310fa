import { parseObjectId, parsePath } from '@weft/core';
import { describe, expect, it, vi } from 'vitest';
import { shown, type TwinClient, type TwinWorld, twinWorld } from '../../test/twin-world.ts';
import { HomeserverError } from '../errors.ts';

const OBJECT = 'world.weft.object';
/** Past the rarest reading of the state and the last turn of a small room. */
const LONG_MS = 20 * 60_000;
const held = (world: TwinWorld, id = 'table') =>
  world.server.room('look', world.room).current(OBJECT, id)?.content;
const writesOf = (world: TwinWorld, { homeserver }: TwinClient) =>
  world.server.log.filter((line) => line.startsWith(`${homeserver.userId} write world.weft.`)).length;

/** A world in which somebody made a table and has gone. */
async function leftBehind(): Promise<TwinWorld> {
  const world = await twinWorld();
  world.owner.edit('table', { 'node.name': 'Table', 'transform.position': [1, 2, 3] });
  await world.timers.advance(500);
  world.owner.session.close();
  return world;
}

describe('what a room lost', () => {
  it('[N2] is written again by a member, under its old stamps, when its author has gone', async () => {
    const world = await leftBehind();
    const builder = await world.open('builder');
    const before = held(world);
    world.server.vanish(world.room, OBJECT, 'table');
    await world.timers.advance(LONG_MS);
    expect(held(world)).toMatchObject({ node: { name: 'Table' }, transform: { position: [1, 2, 3] } });
    expect(Object(held(world)?.w).t).toBe(Object(before?.w).t);
    expect(writesOf(world, builder)).toBe(1);
    expect(shown(await world.open('other'), 'table', 'node.name')).toBe('Table');
  });

  it('[N2] is written again by one of many, a guardian before any member', async () => {
    const world = await leftBehind();
    const builder = await world.open('builder');
    const other = await world.open('other');
    const guardian = await world.open('other', { guardian: true });
    world.server.vanish(world.room, OBJECT, 'table');
    world.server.setMembership(world.room, world.owner.homeserver.userId, other.homeserver.userId, 'join');
    for (const { session } of [builder, other, guardian]) expect(session.unsaved).toBe(0);
    await world.timers.advance(LONG_MS);
    expect(held(world)).toMatchObject({ node: { name: 'Table' } });
    expect(writesOf(world, builder)).toBe(0);
    const log = world.server.log.filter((line) => line.includes(`write ${OBJECT} table`));
    expect(log).toHaveLength(2);
  });

  it('[N3] is left alone by those who may not write, and by those whom the room refuses', async () => {
    const world = await leftBehind();
    const visitor = await world.open('visitor');
    const builder = await world.open('builder');
    world.server.vanish(world.room, OBJECT, 'table');
    const refusal = new HomeserverError('forbidden', {
      what: 'write',
      got: 'a state resolution that said no',
    });
    const sent = vi.spyOn(builder.homeserver, 'sendState').mockRejectedValue(refusal);
    await world.timers.advance(2 * LONG_MS);
    expect(writesOf(world, visitor)).toBe(0);
    expect(sent).toHaveBeenCalledTimes(1);
    expect(held(world)).toBeUndefined();
    expect(shown(visitor, 'table', 'node.name')).toBe('Table');
  });

  it('[N4] is looked for in the state once more before others write it', async () => {
    const world = await leftBehind();
    const builder = await world.open('builder');
    const event = world.server.room('look', world.room).current(OBJECT, 'table')?.event_id;
    world.server.vanish(world.room, OBJECT, 'table');
    const readings = () =>
      world.server.log.filter(
        (line) => line === `${builder.homeserver.userId} read the state of ${world.room}`,
      ).length;
    const before = readings();
    for (let waited = 0; readings() === before && waited < LONG_MS; waited += 1000)
      await world.timers.advance(1000);
    // Found lost, and back before anybody's turn has come.
    if (event !== undefined) world.server.resolveTo(world.room, event);
    await world.timers.advance(LONG_MS);
    expect(writesOf(world, builder)).toBe(0);
    expect(held(world)).toMatchObject({ node: { name: 'Table' } });
  });

  it('[N2] of an edit that lost a state resolution is written again, though its author has gone', async () => {
    const world = await leftBehind();
    const builder = await world.open('builder');
    const room = world.server.room('look', world.room);
    const first = room.current(OBJECT, 'table')?.event_id;
    const other = await world.open('other');
    other.edit('table', { 'node.name': 'Oak' });
    await world.timers.advance(400);
    other.session.close();
    if (first !== undefined) world.server.resolveTo(world.room, first);
    await world.timers.advance(LONG_MS);
    expect(held(world)).toMatchObject({ node: { name: 'Oak' }, transform: { position: [1, 2, 3] } });
    expect(writesOf(world, builder)).toBe(1);
  });

  it('[N5] and was purged is never written again', async () => {
    const world = await leftBehind();
    const builder = await world.open('builder');
    const event = world.server.room('look', world.room).current(OBJECT, 'table')?.event_id;
    if (event !== undefined) await builder.homeserver.redact(world.room, event, 'no').catch(() => undefined);
    const steward = world.server.connect('owner');
    if (event !== undefined) await steward.redact(world.room, event, 'no');
    await world.timers.advance(2000);
    world.server.vanish(world.room, OBJECT, 'table');
    await world.timers.advance(LONG_MS);
    expect(JSON.stringify(held(world) ?? {})).not.toContain('Table');
    expect(builder.replica.registers(parseObjectId('table'))?.get(parsePath('node.name'))).toBeUndefined();
  });
});
