import { FakeTimers } from '@weft/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { HomeserverError } from '../errors.ts';
import type { RoomUpdate } from '../homeserver.ts';
import { parseRoomId } from '../ids.ts';
import { ServerClock } from '../server-clock.ts';
import { roomSync } from './room-sync.ts';
import type { SyncLoop, SyncQuery } from './sync-loop.ts';

const ROOM = parseRoomId(`!${'A'.repeat(43)}`);
const MINUTE_MS = 60_000;

let ids = 0;

type Answer = object | HomeserverError;

/** A loop whose homeserver answers from a list, and then leaves the request open. */
function loopOf(...answers: Answer[]) {
  return loopFrom(null, ...answers);
}

function loopFrom(since: string | null, ...answers: Answer[]) {
  const timers = new FakeTimers();
  const queries: SyncQuery[] = [];
  const updates: RoomUpdate[] = [];
  const connections: string[] = [];
  const mail: unknown[] = [];
  const loop = roomSync({
    room: ROOM,
    since,
    listener: {
      update: (update) => updates.push(update),
      connection: (state, reason) => connections.push(reason === null ? state : `${state} ${reason.code}`),
    },
    clock: new ServerClock('a.org'),
    timers,
    fraction: () => 0,
    mail: (section) => mail.push(section),
    request: async (query) => {
      queries.push(query);
      const answer = answers.shift();
      if (answer === undefined) return new Promise(() => undefined);
      if (answer instanceof HomeserverError) throw answer;
      return answer;
    },
    readState: async () => STATE,
    readCreateEvent: async () => event('m.room.create', ''),
  });
  loops.push(loop);
  return { loop, timers, queries, updates, connections, answers, mail };
}

/** What `/state` answers. */
const STATE = [event('m.room.create', ''), event('world.weft.object', 'of the other branch')];

const loops: SyncLoop[] = [];
afterEach(() => {
  for (const loop of loops.splice(0)) loop.stop();
});

function event(type: string, stateKey?: string): object {
  ids += 1;
  return {
    event_id: `$${String(ids).padStart(43, '0')}`,
    type,
    sender: '@a:a.org',
    origin_server_ts: 1,
    content: {},
    ...(stateKey === undefined ? {} : { state_key: stateKey }),
  };
}

function response(token: string, room: object = {}): object {
  return { next_batch: token, rooms: { join: { [ROOM]: room } } };
}

function failure(
  code: 'unreachable' | 'unknown-token' | 'bad-event' | 'rate-limited',
  retryAfterMs?: number,
) {
  return new HomeserverError(code, {
    what: 'sync',
    got: 'x',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

describe('the sync of a room', () => {
  it('adds the create event that Synapse leaves out', async () => {
    const { loop, updates } = loopOf(response('t1', { 'org.matrix.msc4222.state_after': { events: [] } }));
    await loop.start();
    expect(updates).toMatchObject([{ complete: true, state: [{ type: 'm.room.create' }] }]);
  });

  it.each(['state_after', 'org.matrix.msc4222.state_after'])(
    'takes the state from %s alone',
    async (name) => {
      const { loop, updates, timers } = loopOf(
        response('t1'),
        response('t2', {
          timeline: { events: [event('lost', 'k')] },
          state: { events: [event('before', 'k')] },
          [name]: { events: [event('won', 'k')] },
        }),
      );
      await loop.start();
      await timers.advance(0);
      expect(updates[1]).toMatchObject({
        complete: false,
        state: [{ type: 'won' }],
        timeline: [{ type: 'lost' }],
      });
    },
  );

  it('[H21] goes on from a token, with what came since', async () => {
    const { loop, updates, queries } = loopFrom(
      't1',
      response('t2', {
        timeline: { events: [event('new', 'k')] },
        state_after: { events: [event('new', 'k')] },
      }),
    );
    await loop.start();
    expect(loop.continued).toBe(true);
    expect(queries[0]).toMatchObject({ since: 't1', timeout: '0' });
    expect(updates).toMatchObject([{ complete: false, gap: false, token: 't2', state: [{ type: 'new' }] }]);
  });

  it('[H22] reads the whole state where the server does not know the token', async () => {
    const { loop, updates, queries } = loopFrom('gone', failure('bad-event'), response('t1'));
    await loop.start();
    expect(loop.continued).toBe(false);
    expect(queries.slice(0, 2).map(({ since }) => since)).toEqual(['gone', undefined]);
    expect(updates).toMatchObject([{ complete: true, token: 't1' }]);
  });

  it('adds the timeline’s state where the server knows no state_after', async () => {
    const { loop, updates, timers } = loopOf(
      response('t1'),
      response('t2', {
        timeline: { events: [event('chat'), event('new', 'k')] },
        state: { events: [event('before', 'k')] },
      }),
    );
    await loop.start();
    await timers.advance(0);
    expect(updates[1]?.state.map(({ type }) => type)).toEqual(['before', 'new']);
  });

  it('reads the state at first where the server knows no state_after: a fork leaves it out of both parts', async () => {
    const { loop, updates } = loopOf(
      response('t1', {
        timeline: { limited: true, events: [event('world.weft.object', 'late')] },
        state: { events: [event('m.room.create', ''), event('world.weft.object', 'before')] },
      }),
    );
    await loop.start();
    expect(updates).toMatchObject([{ complete: true, gap: false, timeline: [{ stateKey: 'late' }] }]);
    expect(updates[0]?.state.map(({ stateKey }) => stateKey)).toEqual(['', 'of the other branch']);
  });

  it('says nothing of a response that says nothing, and goes on from its token', async () => {
    const { loop, updates, queries, timers } = loopOf(response('t1'), { next_batch: 't2' });
    await loop.start();
    await timers.advance(0);
    expect(updates).toHaveLength(1);
    expect(queries.map(({ since }) => since)).toEqual([undefined, 't1', 't2']);
  });

  it('reports a limited timeline as a gap', async () => {
    const { loop, updates, timers } = loopOf(
      response('t1'),
      response('t2', { timeline: { limited: true, events: [] } }),
    );
    await loop.start();
    await timers.advance(0);
    expect(updates[1]).toMatchObject({ gap: true });
  });

  it('tells of what a kicked user sees last', async () => {
    const { loop, updates, timers } = loopOf(response('t1'), {
      next_batch: 't2',
      rooms: { leave: { [ROOM]: { timeline: { events: [event('m.room.member', '@me:a.org')] } } } },
    });
    await loop.start();
    await timers.advance(0);
    expect(updates[1]?.timeline).toMatchObject([{ type: 'm.room.member' }]);
  });

  it('backs off from a server that is away, then says that something may be missing', async () => {
    const away = Array.from({ length: 8 }, () => failure('unreachable'));
    const { loop, updates, queries, connections, timers } = loopOf(response('t1'), ...away, response('t2'));
    await loop.start();
    await timers.advance(MINUTE_MS / 2);
    // The first, eight that fail, one that succeeds, one that waits.
    expect(queries).toHaveLength(11);
    expect(connections.at(0)).toBe('online');
    expect(connections.filter((state) => state === 'offline unreachable')).toHaveLength(8);
    expect(connections.at(-1)).toBe('online');
    expect(updates.at(-1)).toMatchObject({ complete: false, gap: true });
    expect(queries.at(-2)).toMatchObject({ since: 't1', timeout: '0' });
  });

  it('waits as long as a 429 asks', async () => {
    const { loop, queries, timers } = loopOf(response('t1'), failure('rate-limited', 7000));
    await loop.start();
    await timers.advance(6999);
    expect(queries).toHaveLength(2);
    await timers.advance(1);
    expect(queries).toHaveLength(3);
  });

  it('ends where it was signed out', async () => {
    const { loop, queries, connections, timers } = loopOf(response('t1'), failure('unknown-token'));
    await loop.start();
    await timers.advance(MINUTE_MS);
    expect(queries).toHaveLength(2);
    expect(connections).toEqual(['online', 'offline unknown-token']);
    expect(timers.pending).toBe(0);
  });

  it('begins again from the whole state where the server does not know its own token any more', async () => {
    const { loop, updates, queries, timers } = loopOf(response('t1'), failure('bad-event'), response('u1'));
    await loop.start();
    await timers.advance(MINUTE_MS);
    expect(queries.map(({ since }) => since)).toEqual([undefined, 't1', undefined, 'u1']);
    expect(updates.map(({ complete }) => complete)).toEqual([true, true]);
  });

  it('names what is no event, and takes the rest', async () => {
    const { loop, updates, timers } = loopOf(
      response('t1'),
      response('t2', { state_after: { events: [null, 7, { type: 'x' }, event('good', 'k')] } }),
    );
    await loop.start();
    await timers.advance(0);
    expect(updates[1]?.state).toMatchObject([{ type: 'good' }]);
    expect(updates[1]?.malformed).toHaveLength(3);
  });

  it('hands on what comes for the device, before the room’s news', async () => {
    const section = { events: [{ type: 'x' }] };
    const answer = { ...response('t1'), to_device: section };
    const { loop, mail, updates, timers } = loopOf(answer, { ...response('t2'), to_device: section });
    await loop.start();
    await timers.advance(0);
    expect(mail).toEqual([section, section]);
    expect(updates).toHaveLength(1);
  });

  it('leaves no timer behind', async () => {
    const { loop, timers } = loopOf(response('t1'), failure('unreachable'));
    await loop.start();
    await timers.advance(0);
    expect(timers.pending).toBe(1);
    loop.stop();
    await timers.advance(0);
    expect(timers.pending).toBe(0);
  });
});
