import {
  BUNDLE_SLOTS,
  encodeBundle,
  type Patch,
  parseObjectId,
  patchOf,
  timeFromMs,
  writerKey,
} from '@weft/core';
import { TwinDisk } from '@weft/testing/store';
import { describe, expect, it } from 'vitest';
import { bundleEvent, contentOf, NAME, namesOf, registerOf } from './room-events.ts';
import { shown, type TwinClient, type TwinWorld, twinWorld } from './twin-world.ts';

const BUNDLE = 'world.weft.bundle';
const LAMP = parseObjectId('lamp');
/** Past every turn of those who repair, and the rarest reading of the state. */
const LONG_MS = 20 * 60_000;
/** Past what the quarantine lets in, and what it does not any more a few minutes later. */
const AHEAD_MS = 12 * 60_000;

/** A bundle of the builder with a lamp and a table. */
async function bundled() {
  const world = await twinWorld();
  const builder = await world.open('builder');
  const { stateKey, content } = bundleEvent('1', builder.homeserver.userId, {
    lamp: ['Lamp', 1],
    table: ['Table', 1],
  });
  const event = await builder.homeserver.sendState(world.room, {
    type: BUNDLE,
    stateKey: stateKey ?? '',
    content: JSON.parse(JSON.stringify(content)),
  });
  await world.timers.advance(5000);
  return { world, builder, event, stateKey: stateKey ?? '' };
}

function contents(world: TwinWorld): string {
  return JSON.stringify(world.server.room('look', world.room).state.map(({ content }) => content));
}

describe('a redacted bundle', () => {
  it('[A11] is gone for those who knew it, and those who come later learn of the purge', async () => {
    const { world, builder, event } = await bundled();
    expect(shown(world.owner, 'lamp', 'node.name')).toBe('Lamp');
    await world.owner.homeserver.redact(world.room, event, 'spam');
    await world.timers.advance(LONG_MS);
    for (const client of [world.owner, builder]) {
      expect(client.replica.registers(LAMP)).toBeUndefined();
      expect(client.replica.purgeOf(LAMP)).not.toBeNull();
      expect(client.session.unsaved).toBe(0);
    }
    const late = await world.open('other');
    await world.timers.advance(1000);
    expect(late.replica.purgeOf(LAMP)).toBe(world.owner.replica.purgeOf(LAMP));
    expect(late.replica.setHash()).toBe(world.owner.replica.setHash());
    expect(contents(world)).not.toContain('Lamp');
  });

  it('[A11] is brought back by nobody who was away when it was redacted', async () => {
    const { world, builder, event, stateKey } = await bundled();
    const other = await world.open('other');
    for (const follower of other.homeserver.followers) follower.hold();
    other.homeserver.goOffline();
    await world.owner.homeserver.redact(world.room, event, 'spam');
    await world.timers.advance(LONG_MS);
    // The slot goes on: who comes back finds no trace of the redacted event in it.
    const { content } = bundleEvent('2', builder.homeserver.userId, { chair: ['Chair', 9] });
    await builder.homeserver.sendState(world.room, {
      type: BUNDLE,
      stateKey,
      content: JSON.parse(JSON.stringify(content)),
    });
    await world.timers.advance(LONG_MS);
    other.homeserver.goOnline();
    for (const follower of other.homeserver.followers) follower.release(true);
    await world.timers.advance(2 * LONG_MS);
    expect(shown(other, 'lamp', 'node.name')).toBeUndefined();
    expect(shown(other, 'chair', 'node.name')).toBe('Chair');
    for (const client of [world.owner, builder, other])
      expect(client.replica.base.get(LAMP)?.get(NAME) ?? registerOf(['', 0])).toEqual(registerOf(['', 0]));
    expect(new Set([world.owner, builder, other].map(({ replica }) => replica.setHash())).size).toBe(1);
  });
});

/** Writes a bundle past the session, which would bring back what it takes away. */
async function say(world: TwinWorld, { homeserver }: TwinClient, patch: Patch): Promise<void> {
  await homeserver.sendState(world.room, {
    type: BUNDLE,
    stateKey: writerKey(homeserver.userId, 0, BUNDLE_SLOTS),
    content: JSON.parse(JSON.stringify(contentOf(encodeBundle(patch)))),
  });
  await world.timers.advance(5000);
}

async function close({ session, journal, homeserver }: TwinClient): Promise<void> {
  session.close();
  await journal?.close();
  homeserver.stop();
}

describe('a purge that is ahead of time', () => {
  it('[A11] does all that any purge does once its time has come', async () => {
    const [world, disk] = [await twinWorld(), new TwinDisk()];
    const client = await world.open('builder', { disk });
    client.edit('lamp', { 'node.name': 'Lamp' });
    await world.timers.advance(5000);
    await say(world, world.owner, patchOf({ purges: [[LAMP, timeFromMs(world.timers.now() + AHEAD_MS)]] }));
    client.homeserver.goOffline();
    client.edit('lamp', { 'node.kind': 'lamp' });
    expect(shown(client, 'lamp', 'node.name')).toBe('Lamp');
    await world.timers.advance(AHEAD_MS);
    expect(shown(client, 'lamp', 'node.name')).toBeUndefined();
    expect(client.settled.at(-1)).toMatchObject({ id: 'lamp', path: 'node.kind', outcome: 'purged' });
    expect(client.session.unsaved).toBe(0);
    client.homeserver.goOnline();
    await world.timers.advance(LONG_MS);
    expect(world.server.room('look', world.room).current('world.weft.object', 'lamp')?.content).toEqual({});
    await close(client);
  });

  it('[I19] takes nothing from a device before its time, and all after, be it closed meanwhile', async () => {
    const [world, disk] = [await twinWorld(), new TwinDisk()];
    const [writer, client] = [await world.open('other'), await world.open('builder', { disk })];
    for (const { session } of [world.owner, writer]) session.close();
    await say(world, writer, namesOf({ lamp: ['Lamp', 1] }));
    await say(world, writer, patchOf({ purges: [[LAMP, timeFromMs(world.timers.now() + AHEAD_MS)]] }));
    await close(client);
    const before = await world.open('builder', { disk, offline: true });
    expect(shown(before, 'lamp', 'node.name')).toBe('Lamp');
    await close(before);
    await world.timers.advance(AHEAD_MS);
    const after = await world.open('builder', { disk, offline: true });
    expect(shown(after, 'lamp', 'node.name')).toBeUndefined();
    expect(after.journal?.contents?.past).toHaveLength(1);
    await close(after);
    const again = await world.open('builder', { disk, offline: true });
    expect(again.journal?.contents?.past).toEqual([]);
    expect(again.replica.purgeOf(LAMP)).not.toBeNull();
    await close(again);
  });
});
