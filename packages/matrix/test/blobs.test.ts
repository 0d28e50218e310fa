import { encodeBlob, encodeBundlePointer, encodeLayer, type UserId, writerHashOf } from '@weft/core';
import { isMxcUri, type MxcUri } from '@weft/matrix';
import { TwinDisk } from '@weft/testing/store';
import { describe, expect, it } from 'vitest';
import { contentOf, namesOf, pointerTo } from './room-events.ts';
import { STORE, shown, type TwinWorld, twinWorld } from './twin-world.ts';

const blob = encodeBlob(namesOf({ lamp: ['Lamp', 1], table: ['Table', 1] }));

function pointAt(world: TwinWorld, uri: string, sender: UserId, type = 'world.weft.layer', slot = 0) {
  const pointer = pointerTo(blob, uri);
  const content = contentOf(
    type === 'world.weft.layer'
      ? encodeLayer({ blob: pointer, hash: '0'.repeat(32), covers: new Map() })
      : encodeBundlePointer(pointer),
  );
  const room = world.server.room('write', world.room);
  return world.server.append(room, { type, sender, stateKey: `${writerHashOf(sender)}.${slot}`, content });
}

function upload(world: TwinWorld): Promise<MxcUri> {
  return world.owner.homeserver.upload(blob.file, { name: 'a.weft', type: 'application/octet-stream' });
}

/** Opens while the clock turns, and says how long that took. */
async function openIn(world: TwinWorld, name: string) {
  const startMs = world.timers.now();
  const opening = world.open(name).then((client) => ({ client, tookMs: world.timers.now() - startMs }));
  await world.timers.advance(30_000);
  return opening;
}

async function openOn(world: TwinWorld, disk: TwinDisk, offline: boolean) {
  const opening = world.open('builder', { disk, offline });
  await world.timers.advance(2000);
  return opening;
}

describe('a world with blobs', () => {
  it('[I16] opens without a network with what they hold, and forgets those that nothing points to', async () => {
    const [world, disk] = [await twinWorld(), new TwinDisk()];
    const sender = world.owner.homeserver.userId;
    pointAt(world, await upload(world), sender);
    const online = await openOn(world, disk, false);
    expect(shown(online, 'lamp', 'node.name')).toBe('Lamp');
    const blobs = () => [...disk.records(STORE).keys()].filter((key) => key.startsWith('blob/'));
    expect(blobs()).toHaveLength(1);
    online.session.close();
    await online.journal?.close();
    const offline = await openOn(world, disk, true);
    expect(shown(offline, 'table', 'node.name')).toBe('Table');
    expect(offline.session.incomplete).toEqual([]);
    expect(blobs()).toHaveLength(1);
    const room = world.server.room('write', world.room);
    const stateKey = `${writerHashOf(sender)}.0`;
    world.server.append(room, { type: 'world.weft.layer', sender, stateKey, content: {} });
    offline.homeserver.goOnline();
    await world.timers.advance(20 * 60_000);
    expect(blobs()).toEqual([]);
    expect(shown(offline, 'table', 'node.name')).toBe('Table');
    offline.session.close();
    await offline.journal?.close();
    const again = await openOn(world, disk, true);
    expect(shown(again, 'table', 'node.name')).toBe('Table');
    again.session.close();
  });

  it('[I16] opens without a network with what this device wrote into one itself', async () => {
    const [world, disk] = [await twinWorld(), new TwinDisk()];
    const open = async (offline: boolean) => {
      const opening = world.open('owner', { disk, offline });
      await world.timers.advance(2000);
      return opening;
    };
    const online = await open(false);
    online.edit('lamp', { 'node.name': 'Lamp' });
    const done = online.session.checkpoint();
    await world.timers.advance(2000);
    await done;
    online.session.close();
    await online.journal?.close();
    const offline = await open(true);
    expect(shown(offline, 'lamp', 'node.name')).toBe('Lamp');
    expect(offline.session.incomplete).toEqual([]);
    offline.session.close();
  });

  it('[A19] shows what they hold, to those who follow and to those who open it', async () => {
    const world = await twinWorld();
    const sender = world.owner.homeserver.userId;
    pointAt(world, await upload(world), sender);
    await world.timers.advance(1000);
    expect(shown(world.owner, 'lamp', 'node.name')).toBe('Lamp');
    expect(world.owner.session.incomplete).toEqual([]);
    const { client, tookMs } = await openIn(world, 'builder');
    expect(shown(client, 'table', 'node.name')).toBe('Table');
    expect(tookMs).toBeLessThan(1000);
  });

  it('[A19] opens without one that cannot be had, says so, and goes on', async () => {
    const world = await twinWorld();
    const sender = world.owner.homeserver.userId;
    pointAt(world, 'mxc://twin.test/missing', sender);
    pointAt(world, 'mxc://elsewhere.test/gone', sender, 'world.weft.bundle', 3);
    const { client, tookMs } = await openIn(world, 'builder');
    expect(tookMs).toBeLessThanOrEqual(10_000);
    expect(client.session.incomplete.map(({ carrier }) => carrier).sort()).toEqual([
      `world.weft.bundle/${writerHashOf(sender)}.3`,
      `world.weft.layer/${writerHashOf(sender)}.0`,
    ]);
    expect(client.session.problems.filter(({ path }) => path === 'blob')).toHaveLength(2);
    client.edit('chair', { 'node.name': 'Chair' });
    await world.timers.advance(5000);
    expect(client.session.unsaved).toBe(0);
    expect(shown(world.owner, 'chair', 'node.name')).toBe('Chair');
  });

  it('[A19] waits no longer than 10 s for one that never ends', async () => {
    const world = await twinWorld();
    pointAt(world, await upload(world), world.owner.homeserver.userId);
    const homeserver = world.server.connect('builder');
    homeserver.download = () => new Promise(() => {});
    const { client, tookMs } = await openIn(world, 'builder');
    expect(tookMs).toBeGreaterThanOrEqual(10_000);
    expect(tookMs).toBeLessThan(11_000);
    expect(client.session.incomplete).toMatchObject([{ reason: null }]);
    client.session.close();
  });

  it('[A10] calls nothing of others lost while one was not read, and takes it up when it was', async () => {
    const world = await twinWorld();
    const sender = world.owner.homeserver.userId;
    const uri = await upload(world);
    pointAt(world, uri, sender);
    await world.timers.advance(1000);
    const builder = (await openIn(world, 'builder')).client;
    world.owner.session.close();
    // A new layer takes the place of the old one, and cannot be read: what it holds is not known.
    const media = new Map(world.server.media);
    world.server.media.clear();
    const other = encodeBlob(namesOf({ lamp: ['Lamp', 1] }));
    const pointer = pointerTo(other, 'mxc://twin.test/later');
    const room = world.server.room('write', world.room);
    const stateKey = `${writerHashOf(sender)}.0`;
    const content = contentOf(encodeLayer({ blob: pointer, hash: '0'.repeat(32), covers: new Map() }));
    world.server.append(room, { type: 'world.weft.layer', sender, stateKey, content });
    await world.timers.advance(20 * 60_000);
    expect(builder.session.incomplete).toHaveLength(1);
    expect(world.writes(builder)).toBe(0);
    for (const [key, file] of media) if (key === uri) world.server.media.set(key, file);
    const [later = expect.fail()] = pointer.sources.map(String).filter(isMxcUri);
    world.server.media.set(later, { bytes: other.file, type: 'application/octet-stream' });
    await world.timers.advance(20 * 60_000);
    expect(builder.session.incomplete).toEqual([]);
    // The new one holds the lamp and not the table: that is lost, and comes back.
    expect(world.writes(builder)).toBe(1);
    expect(shown(builder, 'table', 'node.name')).toBe('Table');
  });
});
