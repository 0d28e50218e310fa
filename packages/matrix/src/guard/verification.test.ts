import { describe, expect, it } from 'vitest';
import { twinWorld } from '../../test/twin-world.ts';

const OBJECT = 'world.weft.object';

describe('a verification', () => {
  it('[N8] finds equal what a newcomer would read, whatever carriers hold it', async () => {
    const world = await twinWorld();
    world.owner.edit('table', { 'node.name': 'Table' });
    for (const id of ['a', 'b', 'c']) world.owner.edit(id, { 'node.name': id });
    await world.timers.advance(60_000);
    const builder = await world.open('builder');
    const [own, theirs] = await Promise.all([world.owner.session.verify(), builder.session.verify()]);
    expect(own).toEqual({ isEqual: true, hash: theirs.hash, roomHash: theirs.hash, lost: [], lacking: [] });
    expect(own.hash).toMatch(/^[0-9a-f]{32}$/);
  });

  it('[N8] names what the room lost', async () => {
    const world = await twinWorld();
    world.owner.edit('table', { 'node.name': 'Table' });
    await world.timers.advance(500);
    world.owner.edit('chair', { 'node.name': 'Chair' });
    await world.timers.advance(500);
    const builder = await world.open('builder');
    world.server.vanish(world.room, OBJECT, 'table');
    const found = await builder.session.verify();
    expect(found).toMatchObject({ isEqual: false, lost: ['table'], lacking: [] });
    expect(found.hash).not.toBe(found.roomHash);
    await world.timers.advance(20 * 60_000);
    expect(await builder.session.verify()).toMatchObject({ isEqual: true });
  });
});
