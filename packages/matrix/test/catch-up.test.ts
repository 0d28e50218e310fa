import { HomeserverError } from '@weft/matrix';
import { describe, expect, it } from 'vitest';
import { MAX_CATCH_UP_MS } from '../src/room/room-link.ts';
import { shown, type TwinClient, type TwinWorld, twinWorld } from './twin-world.ts';

const MINUTE_MS = 60_000;

/** What a client asked of its homeserver since then, the requests that matter here. */
function asked({ server }: TwinWorld, { homeserver }: TwinClient, since: number): readonly string[] {
  return server.log.slice(since).flatMap((line) => {
    if (!line.startsWith(`request ${homeserver.userId}`) && !line.startsWith(homeserver.userId)) return [];
    if (line.includes('read the state')) return ['read'];
    return line.includes(' write ') ? ['write'] : [];
  });
}

/** A builder whose homeserver has been away for a minute, and who edited a chair meanwhile. */
async function behind() {
  const world = await twinWorld();
  const builder = await world.open('builder');
  await world.timers.advance(2000);
  builder.homeserver.goOffline();
  builder.edit('chair', { 'node.name': 'Chair' });
  await world.timers.advance(MINUTE_MS);
  return { world, builder };
}

async function unreadable(): Promise<never> {
  throw new HomeserverError('server', { what: 'read the state', got: 'a failure of the test' });
}

describe('a client whose homeserver was away', () => {
  it('[I27] writes nothing before it has taken in what it missed, a purge included', async () => {
    const world = await twinWorld();
    const builder = await world.open('builder');
    builder.edit('table', { 'node.name': 'Secret', 'node.kind': 'table' });
    await world.timers.advance(2000);
    builder.homeserver.goOffline();
    builder.edit('table', { 'node.kind': 'desk' });
    builder.edit('chair', { 'node.name': 'Chair' });
    await world.timers.advance(MINUTE_MS);
    const room = world.server.room('write', world.room);
    const sender = room.creator;
    world.server.append(room, { type: 'world.weft.object', sender, stateKey: 'table', content: {} });
    await world.timers.advance(2 * MINUTE_MS);

    const before = { events: room.timeline.length, requests: world.server.log.length };
    builder.homeserver.goOnline();
    await world.timers.advance(MINUTE_MS);
    expect(asked(world, builder, before.requests).slice(0, 2)).toEqual(['read', 'write']);
    const written = room.timeline.slice(before.events).filter((event) => event.sender !== sender);
    expect(written.length).toBeGreaterThan(0);
    expect(JSON.stringify(written)).not.toMatch(/Secret|desk/);
    expect([shown(builder, 'table', 'node.kind'), shown(world.owner, 'chair', 'node.name')]).toEqual([
      undefined,
      'Chair',
    ]);
    expect(builder.session.unsaved).toBe(0);
    expect(builder.settled.filter(({ outcome }) => outcome === 'purged').map(({ path }) => path)).toEqual([
      'node.kind',
    ]);
  });

  it('[I27] waits for the state where it cannot be read at first, and says so', async () => {
    const { world, builder } = await behind();
    const { homeserver } = builder;
    const readState = homeserver.readState.bind(homeserver);
    homeserver.readState = unreadable;
    const before = world.server.log.length;
    homeserver.goOnline();
    await world.timers.advance(MINUTE_MS);
    expect(builder.session.connection).toBe('online');
    expect(asked(world, builder, before)).toEqual([]);
    expect(builder.session.unsaved).toBe(1);
    expect(builder.problems.map(({ carrier }) => carrier)).toContain('the state of the room');
    homeserver.readState = readState;
    await world.timers.advance(MINUTE_MS);
    expect(asked(world, builder, before).slice(0, 2)).toEqual(['read', 'write']);
    expect(builder.session.unsaved).toBe(0);
    expect(shown(world.owner, 'chair', 'node.name')).toBe('Chair');
  });

  it('[I27] waits for it for two minutes at most', async () => {
    const { world, builder } = await behind();
    builder.homeserver.readState = unreadable;
    builder.homeserver.goOnline();
    await world.timers.advance(MAX_CATCH_UP_MS);
    expect(builder.session.unsaved).toBe(1);
    await world.timers.advance(1000);
    expect(builder.session.unsaved).toBe(0);
    builder.session.close();
    builder.homeserver.stop();
  });

  it('[I27] catches up also where the homeserver comes and goes', async () => {
    const { world, builder } = await behind();
    const before = world.server.log.length;
    for (let times = 0; times < 5; times += 1) {
      builder.homeserver.goOnline();
      await world.timers.advance(300);
      builder.homeserver.goOffline();
      await world.timers.advance(1000);
    }
    builder.homeserver.goOnline();
    await world.timers.advance(MINUTE_MS);
    expect(asked(world, builder, before).slice(0, 2)).toEqual(['read', 'write']);
    expect(builder.session.unsaved).toBe(0);
  });
});
