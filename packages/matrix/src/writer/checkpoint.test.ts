import { LAYER_SLOTS, writerKey } from '@weft/core';
import { BUNDLE_EVENT, LAYER_EVENT } from '@weft/matrix';
import { describe, expect, it } from 'vitest';
import { bundlesOf, noise, shown, twinWorld } from '../../test/twin-world.ts';

const HOUR_MS = 60 * 60_000;

describe('a checkpoint', () => {
  it('[W28] is a layer of everything, with its set hash and the carriers that it covers', async () => {
    const world = await twinWorld();
    const builder = await world.open('builder');
    for (let at = 0; at < 5; at += 1) builder.edit(`b-${at}`, { 'node.name': `b ${at}` });
    await world.timers.advance(500);
    for (let at = 0; at < 5; at += 1) world.owner.edit(`a-${at}`, { 'node.name': `a ${at}` });
    const done = world.owner.session.checkpoint();
    await world.timers.advance(2000);
    await done;
    const room = world.server.room('look', world.room);
    const content = room.current(
      LAYER_EVENT,
      writerKey(world.owner.homeserver.userId, 0, LAYER_SLOTS),
    )?.content;
    expect(content).toMatchObject({ v: 1, hash: world.owner.replica.setHash(), blob: { objects: 10 } });
    expect(Object.keys(Object(content?.covers)).filter((name) => name.startsWith(BUNDLE_EVENT))).toHaveLength(
      2,
    );
  });

  it('[W28] is for stewards, and for open worlds', async () => {
    const world = await twinWorld();
    const builder = await world.open('builder');
    await expect(builder.session.checkpoint()).rejects.toMatchObject({ code: 'forbidden' });
    const late = world.owner.session.checkpoint();
    world.owner.session.close();
    await expect(late).rejects.toMatchObject({ code: 'closed' });
    await expect(world.owner.session.checkpoint()).rejects.toMatchObject({ code: 'closed' });
  });

  it('[W28] fails as its upload does', async () => {
    const world = await twinWorld({ maxUploadBytes: 10 });
    world.owner.edit('table', { 'node.name': 'Table' });
    const failed = expect(world.owner.session.checkpoint()).rejects.toMatchObject({ code: 'too-large' });
    await world.timers.advance(5000);
    await failed;
    expect(world.owner.session.unsaved).toBe(0);
  });

  it('[W28] is written when the own bundles are full, and a day later these have room again', async () => {
    const world = await twinWorld();
    let count = 0;
    const fill = async (): Promise<void> => {
      for (let at = 0; at < 10; at += 1, count += 1)
        world.owner.edit(`object-${count}`, { 'node.name': noise(2000, `object ${count}`) });
      await world.timers.advance(500);
    };
    for (let round = 0; round < 16; round += 1) await fill();
    await world.timers.advance(2000);
    const sizes = () => bundlesOf(world, world.owner).map(({ objects }) => objects.size);
    expect(sizes()).toEqual(Array(8).fill(20));
    expect(world.written(world.owner).filter((line) => line.startsWith('layer'))).toHaveLength(1);
    await world.timers.advance(30 * HOUR_MS);
    await fill();
    await fill();
    // What the layer has carried for a day left the bundles.
    expect(sizes().filter((size) => size > 0)).toEqual([20]);
    expect(world.written(world.owner).filter((line) => line.startsWith('layer')).length).toBeLessThanOrEqual(
      2,
    );
    const opening = world.open('other');
    await world.timers.advance(1000);
    const late = await opening;
    for (let at = 0; at < count; at += 1) expect(shown(late, `object-${at}`, 'node.name')).toHaveLength(2000);
  });
});
