import {
  decodeRuleEvent,
  MAX_CLOCK_LEAD_MS,
  msOf,
  newActorId,
  type Patch,
  parseObjectId,
  parsePath,
  patchOf,
  ROLE_LEVELS,
  type Stamp,
  TICKS_PER_MS,
  timeFromMs,
  type UserId,
  type Value,
  writerHashOf,
} from '@weft/core';
import { CLOSE_CODES, encodeWirePatch } from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import { describe, expect, test } from 'vitest';
import { ALICE, BOB, LaneUnderTest } from './lane-under-test.ts';
import type { TestClient } from './test-client.ts';

const [CHAIR, TABLE, LAMP] = ['chair', 'table', 'lamp'].map(parseObjectId);
if (CHAIR === undefined || TABLE === undefined || LAMP === undefined) throw new Error('no ids');

interface Written {
  readonly id: ReturnType<typeof parseObjectId>;
  readonly path: string;
  readonly value: Value;
  readonly stamp?: Stamp;
}

async function pair(levels: readonly (readonly [UserId, number])[] = []) {
  const lane = await LaneUnderTest.open({
    levels: new Map<UserId, number>([[ALICE, ROLE_LEVELS.builder], [BOB, ROLE_LEVELS.builder], ...levels]),
  });
  const alice = lane.client({ user: ALICE });
  const bob = lane.client({ user: BOB });
  alice.connect();
  bob.connect();
  return { lane, alice, bob };
}

function say(client: TestClient, writes: readonly Written[], claims: Patch['actors'] = new Map()): void {
  client.say(
    patchOf({
      registers: writes.map(({ id, path, value, stamp = client.replica.clock.issue() }) => ({
        id,
        path: parsePath(path),
        register: { value, stamp },
      })),
      actors: claims,
    }),
  );
}

describe('a patch that is refused', () => {
  test('[RL2] is refused whole: nobody hears of any of it, and its author is told what stands instead', async () => {
    const { lane, alice, bob } = await pair();
    say(bob, [
      { id: CHAIR, path: 'node.name', value: 'Chair' },
      { id: CHAIR, path: 'node.owner', value: BOB },
    ]);
    const before = lane.world.replica.shownPatch();
    say(alice, [
      { id: TABLE, path: 'node.name', value: 'Table' },
      { id: CHAIR, path: 'node.name', value: 'Mine' },
    ]);
    expect(lane.world.replica.shownPatch()).toEqual(before);
    expect(bob.socket.of('patch-down')).toEqual([]);
    const [reject] = alice.rejected;
    expect(reject?.n).toBe(1);
    expect(reject?.problems).toMatchObject([
      { id: CHAIR, path: 'node.name', code: 'forbidden', winner: { value: 'Chair', actor: bob.actor } },
    ]);
    await lane.timers.advance(50);
    expect(alice.socket.of('ack')).toEqual([]);
  });

  const stranger = newActorId(new SeededRandom('stranger').bytes);
  const cases: readonly [string, string, (bob: TestClient, nowMs: number) => void][] = [
    [
      'is stamped by a foreign actor',
      'forbidden',
      (bob, nowMs) =>
        say(bob, [
          { id: CHAIR, path: 'node.name', value: 1, stamp: { time: timeFromMs(nowMs), actor: stranger } },
        ]),
    ],
    [
      'says whose a foreign actor is',
      'forbidden',
      (bob) =>
        say(bob, [{ id: CHAIR, path: 'node.name', value: 'x' }], new Map([[stranger, new Set([BOB])]])),
    ],
    [
      'says that its own actor is somebody else',
      'forbidden',
      (bob) =>
        say(bob, [{ id: CHAIR, path: 'node.name', value: 'x' }], new Map([[bob.actor, new Set([ALICE])]])),
    ],
    [
      "writes somebody else's personal object",
      'forbidden',
      (bob) => {
        const id = parseObjectId(`u_${writerHashOf(ALICE)}_hat`);
        say(bob, [{ id, path: 'node.name', value: 'Hat' }]);
      },
    ],
    [
      'hangs an object from itself',
      'cycle',
      (bob) =>
        say(bob, [
          { id: CHAIR, path: 'node.parent', value: TABLE },
          { id: TABLE, path: 'node.parent', value: CHAIR },
        ]),
    ],
    [
      'makes an object too large for an event',
      'limit',
      (bob) =>
        say(
          bob,
          ['a', 'b', 'c'].map((name) => ({ id: CHAIR, path: `acme:part.${name}`, value: 'x'.repeat(3_000) })),
        ),
    ],
  ];

  test.each(cases)('[RL2] because it %s, as %s', async (_what, code, write) => {
    const { lane, alice, bob } = await pair();
    write(bob, lane.timers.now());
    expect(bob.rejected.flatMap(({ problems }) => problems.map((problem) => problem.code))).toContain(code);
    expect(alice.socket.of('patch-down')).toEqual([]);
    expect(bob.isConnected).toBe(true);
    expect(lane.world.replica.livePatch().objects.size).toBe(0);
  });

  test.each([
    ['a visitor', ROLE_LEVELS.visitor],
    ['one level below a builder', ROLE_LEVELS.builder - 1],
  ])('[RL2] because %s may not write', async (_who, level) => {
    const { alice, bob } = await pair([[BOB, level]]);
    say(bob, [{ id: CHAIR, path: 'node.name', value: 'x' }]);
    expect(bob.rejected[0]?.problems[0]?.code).toBe('read-only');
    expect(alice.socket.of('patch-down')).toEqual([]);
  });

  test('[RL2] because its socket was opened to look', async () => {
    const { lane, alice } = await pair();
    const looker = lane.client({ user: BOB, device: 'TV', mode: 'read' });
    looker.connect();
    say(looker, [{ id: CHAIR, path: 'node.name', value: 'x' }]);
    expect(looker.rejected[0]?.problems[0]?.code).toBe('read-only');
    looker.receive({ type: 'event-up', target: null, name: 'wave', data: null, to: null });
    expect(alice.socket.of('event-down')).toEqual([]);
  });

  test('[RL2] a visitor writes personal objects of their own', async () => {
    const { alice, bob } = await pair([[BOB, ROLE_LEVELS.visitor]]);
    const hat = parseObjectId(`u_${writerHashOf(BOB)}_hat`);
    say(bob, [{ id: hat, path: 'node.name', value: 'Hat' }]);
    expect(alice.replica.scene.get(hat)?.node?.name).toBe('Hat');
  });

  test('[RL2] a stamp one minute ahead is taken, and one tick more is not', async () => {
    const { lane, alice, bob } = await pair();
    const latest = timeFromMs(lane.timers.now() + MAX_CLOCK_LEAD_MS);
    const at = (time: typeof latest): Stamp => ({ time, actor: bob.actor });
    say(bob, [{ id: CHAIR, path: 'node.name', value: 'in time', stamp: at(latest) }]);
    expect(alice.replica.scene.get(CHAIR)?.node?.name).toBe('in time');
    const later = timeFromMs(msOf(latest), 1);
    expect(later - latest).toBeLessThan(TICKS_PER_MS);
    say(bob, [{ id: TABLE, path: 'node.name', value: 'too late', stamp: at(later) }]);
    expect(bob.rejected[0]?.problems[0]).toMatchObject({ code: 'limit', path: 'node.name' });
  });

  test('[RL2] a chain of 256 levels is taken, and one more is not', async () => {
    const { alice, bob } = await pair();
    const ids = Array.from({ length: 257 }, (_, at) => parseObjectId(`link-${at}`));
    say(
      bob,
      ids.slice(0, 256).map((id, at) => ({ id, path: 'node.parent', value: ids[at - 1] ?? 'root' })),
    );
    expect(alice.replica.scene.size).toBe(256);
    const [deepest, below] = ids.slice(255);
    if (deepest === undefined || below === undefined) throw new Error('no ids');
    say(bob, [{ id: below, path: 'node.parent', value: deepest }]);
    expect(bob.rejected[0]?.problems[0]?.code).toBe('limit');
  });

  test('[RL2] a parent that is not known yet is no reason to refuse', async () => {
    const { lane, bob } = await pair();
    say(bob, [{ id: CHAIR, path: 'node.parent', value: 'unknown' }]);
    expect(bob.rejected).toEqual([]);
    expect(lane.world.replica.livePatch().objects.has(CHAIR)).toBe(true);
  });

  test('[RL2] tells why in whole characters, wherever what was found is cut', async () => {
    const { lane, bob } = await pair();
    const content = { kind: 'range', property: 'node.name', min: 1 };
    const reading = decodeRuleEvent({ stateKey: 'numbers', content });
    if ('problem' in reading) throw new Error(reading.problem);
    lane.world.replica.setRules([reading.rule]);
    for (const pad of ['', 'x']) {
      say(bob, [{ id: CHAIR, path: 'node.name', value: pad + '😀'.repeat(200) }]);
      const [problem] = bob.rejected.at(-1)?.problems ?? [];
      expect(problem).toMatchObject({ code: 'rule', id: CHAIR });
      expect(problem?.message).toMatch(/(😀|\uFFFD)…/u);
    }
    expect(bob.isConnected).toBe(true);
  });

  test('[RL2] tells at most 32 problems', async () => {
    const { lane, bob } = await pair();
    const stamp = { time: timeFromMs(lane.timers.now()), actor: newActorId(new SeededRandom('x').bytes) };
    const ids = Array.from({ length: 40 }, (_, at) => parseObjectId(`thing-${at}`));
    say(
      bob,
      ids.map((id) => ({ id, path: 'node.name', value: 'x', stamp })),
    );
    expect(bob.rejected[0]?.problems.length).toBe(32);
  });

  test('[RL2] a patch that is none closes the socket of its author, and so does a number out of turn', async () => {
    const { lane, alice, bob } = await pair();
    bob.receive({ type: 'patch-up', n: 1, patch: Uint8Array.of(0x92, 0x90, 0x90) });
    expect(bob.socket.closed?.code).toBe(CLOSE_CODES.malformed);
    const dave = lane.client({ user: BOB, device: 'OTHER' });
    dave.connect();
    const patch = encodeWirePatch(
      patchOf({
        registers: [
          {
            id: CHAIR,
            path: parsePath('node.name'),
            register: { value: 1, stamp: dave.replica.clock.issue() },
          },
        ],
      }),
    );
    dave.receive({ type: 'patch-up', n: 2, patch });
    expect(dave.socket.closed?.code).toBe(CLOSE_CODES.malformed);
    expect(alice.isConnected).toBe(true);
    expect(lane.world.replica.livePatch().objects.size).toBe(0);
  });

  test('[RL2] registers beyond what the room may lack are refused, and taken again when it has caught up', async () => {
    const lane = await LaneUnderTest.open({ limits: { maxLiveRegisters: 3 } });
    const alice = lane.client({ user: ALICE });
    alice.connect();
    const ids = ['one', 'two', 'three', 'four'].map(parseObjectId);
    for (const id of ids) alice.set(id, 'node.name', id);
    expect(alice.rejected.map(({ n, problems }) => [n, problems[0]?.code])).toEqual([[4, 'not-kept']]);
    lane.world.settle(lane.world.replica.livePatch());
    alice.set(parseObjectId('five'), 'node.name', 'five');
    expect(alice.rejected.length).toBe(1);
  });
});
