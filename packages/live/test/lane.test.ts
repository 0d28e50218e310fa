import { type ActorId, type ObjectId, type Patch, parseUserId, patchOf } from '@weft/core';
import { CLOSE_CODES, type DownFrame, TicketRefused } from '@weft/protocol';
import { describe, expect, test } from 'vitest';
import { CLOCK_AHEAD_MS, ScriptedRelay } from './scripted-relay.ts';

const many = (relay: ScriptedRelay, count: number): Patch =>
  patchOf({
    registers: Array.from({ length: count }, (_, at) => relay.saying(`object-${at}`, `name ${at}`)).flatMap(
      ({ objects }) =>
        [...objects].flatMap(([id, { registers }]) =>
          [...registers].map(([path, register]) => ({ id, path, register })),
        ),
    ),
  });

describe('the way to a relay', () => {
  test('[LV1] is discovery, ticket, socket, hello, snapshot, live, each shown in a sentence', async () => {
    const seen: string[] = [];
    const relay = await ScriptedRelay.open((each) => {
      each.onHello = (socket) => {
        const { bytes, parts } = each.snapshot(many(each, 5_000));
        socket.send(each.welcome({ kind: 'snapshot', snapshotBytes: bytes }), ...parts);
      };
    });
    relay.channel.status.subscribe(() => seen.push(relay.channel.status.value.sentence));
    await relay.live();
    const stages = [...new Set(seen.map((sentence) => sentence.split(' ')[0]))];
    expect(stages).toEqual(['Asking', 'Opening', 'Saying', 'Loading', 'Live']);
    expect(seen.some((sentence) => /Loading the world from relay\.example\.org: \d+ %/.test(sentence))).toBe(
      true,
    );
    expect(relay.client.replica.scene.size).toBe(5_000);
    const [request] = relay.requests;
    expect(request?.nonce).toHaveLength(22);
    expect(relay.socket.of('hello')).toMatchObject([
      { ticket: 'ticket', nonce: request?.nonce, position: null },
    ]);
    expect(relay.announced).toMatchObject([{ memberId: request?.memberId, key: request?.key }]);
    await relay.close();
    expect(relay.announced.at(-1)).toBeNull();
    expect(relay.socket.of('bye-up')).toHaveLength(1);
    expect([relay.timers.pending, relay.network.connections]).toEqual([0, 0]);
  });

  test.each([
    [
      'gives no ticket',
      'requesting',
      (relay: ScriptedRelay) => {
        relay.isRunning = false;
      },
    ],
    [
      'answers no hello',
      'greeting',
      (relay: ScriptedRelay) => {
        relay.onHello = () => undefined;
      },
    ],
    [
      'stops in the middle of a snapshot',
      'loading',
      (relay: ScriptedRelay) => {
        relay.onHello = (socket) => {
          const { bytes, parts } = relay.snapshot(many(relay, 5_000));
          socket.send(relay.welcome({ kind: 'snapshot', snapshotBytes: bytes }), ...parts.slice(0, 1));
        };
      },
    ],
  ] as const)('[LV1] goes on after a while where the relay %s', async (_, stage, prepare) => {
    const relay = await ScriptedRelay.open(prepare);
    await relay.until(() => relay.stage === stage);
    await relay.until(() => relay.stage === 'waiting', 6_000);
    expect(relay.client.replica.scene.size).toBe(0);
    await relay.until(() => relay.stage === stage);
    relay.isRunning = true;
    relay.onHello = (socket) => socket.send(relay.welcome());
    await relay.until(() => relay.stage === 'live', 30_000);
    await relay.close();
    expect(relay.timers.pending).toBe(0);
  });

  test('[LV1] ends where the relay says no, is asked less and less often, and at once where somebody wants it', async () => {
    const relay = await ScriptedRelay.open((each) => {
      each.onRequest = () => {
        throw new TicketRefused('forbidden', 'You are not in this world.');
      };
    });
    await relay.until(() => relay.stage === 'off');
    expect(relay.channel.status.value.sentence).toContain('You are not in this world');
    await relay.timers.advance(30_000);
    expect(relay.requests.length).toBeGreaterThan(1);
    expect(relay.requests.length).toBeLessThanOrEqual(4);
    expect(relay.stage).toBe('off');
    relay.onRequest = () => ({ ticket: 'ticket', expiresMs: 1, url: relay.transport.url });
    relay.channel.wake();
    await relay.live();
    await relay.close();
  });

  test.each([
    ['kicked', CLOSE_CODES.forbidden, 'off'],
    ['replaced by another window', CLOSE_CODES.replaced, 'off'],
    ['told that its ticket does not hold', CLOSE_CODES.unauthenticated, 'live'],
    ['closed while the relay drains', CLOSE_CODES.draining, 'live'],
    ['closed as a slow reader', CLOSE_CODES.slowReader, 'live'],
    ['closed for its own mistake', CLOSE_CODES.malformed, 'live'],
    ['closed as too quick', CLOSE_CODES.tooMany, 'live'],
    ['closed without a word', 1006, 'live'],
  ] as const)('[LV1] a live client that is %s', async (_, code, end) => {
    const relay = await ScriptedRelay.open();
    await relay.live();
    if (code === CLOSE_CODES.forbidden)
      relay.onRequest = () => {
        throw new TicketRefused('forbidden', 'You were kicked.');
      };
    relay.socket.close(code);
    await relay.until(() => relay.stage !== 'live');
    await relay.timers.advance(5_000);
    expect(relay.stage).toBe(end);
    expect(relay.sockets.length).toBe(end === 'live' ? 2 : 1);
    await relay.close();
  });

  test('[LV1] a bye before the socket is closed counts as much', async () => {
    const relay = await ScriptedRelay.open();
    await relay.live();
    relay.socket.send({ type: 'bye-down', code: CLOSE_CODES.forbidden, reason: 'You were kicked.' });
    await relay.until(() => relay.stage === 'off');
    expect(relay.channel.status.value.sentence).toContain('You were kicked');
    await relay.close();
  });

  test('[LV2] the clock of the relay is known', async () => {
    const relay = await ScriptedRelay.open();
    expect(relay.channel.clockOffsetMs()).toBeNull();
    await relay.live();
    await relay.timers.advance(3_000);
    expect(Math.abs((relay.channel.clockOffsetMs() ?? 0) - CLOCK_AHEAD_MS)).toBeLessThan(5);
    expect(relay.channel.status.value.roundTripMs).toBeLessThanOrEqual(10);
    await relay.close();
  });
});

describe('what a relay says of the graph', () => {
  test('[LV13] a number that is left out has all that is missing asked for within two seconds', async () => {
    const relay = await ScriptedRelay.open();
    await relay.live();
    relay.socket.send(relay.patchDown(1, relay.saying('a', 'A')), relay.patchDown(3, relay.saying('c', 'C')));
    await relay.until(() => relay.sockets.length === 2, 2_000);
    await relay.until(() => relay.socket.of('hello').length === 1, 2_000);
    expect(relay.socket.of('hello')[0]?.position).toEqual({ run: relay.run, seq: 1 });
    await relay.close();
  });

  test('[LV13] the number of an own edit that is not acknowledged yet is not missing', async () => {
    const relay = await ScriptedRelay.open();
    await relay.live();
    relay.client.set(...own('chair'));
    await relay.until(() => relay.socket.of('patch-up').length === 1);
    relay.socket.send(relay.patchDown(2, relay.saying('c', 'C')));
    await relay.timers.advance(60_000);
    expect(relay.sockets).toHaveLength(1);
    relay.socket.send({ type: 'ack', n: 1, seq: 1, committed: 1 });
    await relay.timers.advance(100);
    expect(relay.client.held).toHaveLength(1);
    relay.socket.close(1006);
    await relay.until(() => relay.sockets.length === 2);
    await relay.live();
    expect(relay.socket.of('hello')[0]?.position?.seq).toBe(2);
    await relay.close();
  });

  test('[LV13] what comes with a snapshot shows together with it, and nothing of it before', async () => {
    const relay = await ScriptedRelay.open((each) => {
      each.onHello = (socket) => {
        const { bytes, parts } = each.snapshot(many(each, 5_000));
        const welcome = each.welcome({ kind: 'snapshot', snapshotBytes: bytes, missed: 1, through: 7 });
        socket.send(welcome, each.patchDown(7, each.saying('live', 'L')), ...parts.slice(0, -1));
        socket.send(each.patchDown(8, each.saying('object-1', 'newer', 9)));
        each.timers.after(1_000, () => socket.send(...parts.slice(-1)));
      };
    });
    await relay.until(() => relay.stage === 'loading');
    await relay.timers.advance(900);
    expect(relay.client.replica.scene.size).toBe(0);
    expect(relay.channel.status.value.progress?.bytes).toBeGreaterThan(0);
    await relay.live();
    expect([relay.client.replica.scene.size, relay.name('live'), relay.name('object-1')]).toEqual([
      5_001,
      'L',
      'newer',
    ]);
    relay.socket.close(1006);
    await relay.until(() => relay.sockets.length === 2);
    await relay.live();
    expect(relay.socket.of('hello')[0]?.position?.seq).toBe(8);
    await relay.close();
  });

  type Tamper = (relay: ScriptedRelay, file: ReturnType<ScriptedRelay['snapshot']>) => readonly DownFrame[];
  const tampered: readonly [string, Tamper][] = [
    [
      'with a flipped byte',
      (relay, { bytes, parts }) => {
        const [first, ...rest] = parts;
        if (first === undefined) throw new Error('no part');
        const flipped = Uint8Array.from(first.bytes);
        flipped[1_000] = (flipped[1_000] ?? 0) ^ 1;
        return [
          relay.welcome({ kind: 'snapshot', snapshotBytes: bytes }),
          { ...first, bytes: flipped },
          ...rest,
        ];
      },
    ],
    [
      'out of order',
      (relay, { bytes, parts }) => [
        relay.welcome({ kind: 'snapshot', snapshotBytes: bytes }),
        ...[...parts].reverse(),
      ],
    ],
    [
      'with a part twice',
      (relay, { bytes, parts }) => [
        relay.welcome({ kind: 'snapshot', snapshotBytes: bytes }),
        ...parts.slice(0, 1),
        ...parts,
      ],
    ],
    [
      'larger than it said',
      (relay, { bytes, parts }) => [relay.welcome({ kind: 'snapshot', snapshotBytes: bytes - 1 }), ...parts],
    ],
    [
      'that is no file',
      (relay) => [
        relay.welcome({ kind: 'snapshot', snapshotBytes: 100 }),
        { type: 'snapshot', index: 0, count: 1, bytes: new Uint8Array(100) },
      ],
    ],
    ['that was not announced', (relay, { parts }) => [relay.welcome({ missed: 1 }), ...parts]],
    ['larger than any file', (relay) => [relay.welcome({ kind: 'snapshot', snapshotBytes: 1_000_000_000 })]],
    [
      'after which it says welcome again',
      (relay, { bytes, parts }) => [
        relay.welcome({ kind: 'snapshot', snapshotBytes: bytes }),
        relay.welcome(),
        ...parts,
      ],
    ],
  ];

  test.each(tampered)('[LV13] a snapshot %s shows nothing, and is asked for again', async (_, tamper) => {
    const relay = await ScriptedRelay.open((each) => {
      each.onHello = (socket) => socket.send(...tamper(each, each.snapshot(many(each, 3_000))));
    });
    await relay.until(() => relay.stage === 'waiting');
    expect(relay.client.replica.scene.size).toBe(0);
    relay.onHello = (socket) => socket.send(relay.welcome());
    await relay.live();
    await relay.close();
    expect(relay.timers.pending).toBe(0);
  });

  test('[LV13] bytes that are no frame end the connection, and change nothing', async () => {
    const relay = await ScriptedRelay.open();
    await relay.live();
    relay.socket.send(relay.patchDown(1, relay.saying('a', 'A')));
    await relay.until(() => relay.name('a') === 'A');
    for (const bytes of [
      new Uint8Array(),
      Uint8Array.of(0x43),
      Uint8Array.of(0x02, 0x90),
      new Uint8Array(2_000_000),
    ]) {
      await relay.live();
      const before = relay.client.shown();
      relay.socket.sendBytes(bytes);
      await relay.until(() => relay.stage !== 'live');
      expect(relay.client.shown()).toBe(before);
    }
    await relay.close();
  });
});

test('[LV1] a frame of a kind that a later version added is passed over', async () => {
  const relay = await ScriptedRelay.open();
  await relay.live();
  relay.socket.sendBytes(Uint8Array.of(0x7f, 0x90));
  relay.socket.sendBytes(Uint8Array.of(0x00));
  await relay.timers.advance(1_000);
  expect(relay.stage).toBe('live');
  expect(relay.sockets).toHaveLength(1);
  await relay.close();
});

describe('what others show', () => {
  const bob = { session: 2, user: parseUserId('@bob:example.org'), device: 'B', level: 25 };

  test('[LV14] presence goes out at most twenty times a second, and again after each reconnection', async () => {
    const relay = await ScriptedRelay.open();
    relay.channel.presence.set({ at: -1 });
    await relay.live();
    await relay.timers.advance(100);
    for (let at = 0; at < 100; at += 1) {
      relay.channel.presence.set({ at });
      await relay.timers.advance(10);
    }
    await relay.timers.advance(100);
    const shown = relay.socket.of('presence-up');
    expect([shown[0]?.state, shown.at(-1)?.state]).toEqual([{ at: -1 }, { at: 99 }]);
    expect(shown.length).toBeGreaterThan(15);
    expect(shown.length).toBeLessThanOrEqual(23);
    relay.socket.close(1006);
    await relay.until(() => relay.sockets.length === 2);
    await relay.live();
    await relay.timers.advance(100);
    expect(relay.socket.of('presence-up').map(({ state }) => state)).toEqual([{ at: 99 }]);
    await relay.close();
  });

  test('[LV14] what others show is told with who they are, and gone when they are', async () => {
    const relay = await ScriptedRelay.open();
    const seen: unknown[] = [];
    relay.channel.presence.on(({ person, state }) => seen.push([person.user, state]));
    await relay.live();
    const actor = 'actor-bob-1' as ActorId;
    relay.socket.send(
      { type: 'presence-down', session: 2, state: { who: 'nobody knows' } },
      { type: 'people', joined: [{ ...bob, actor }], left: [] },
      { type: 'presence-down', session: 2, state: { selected: 'chair' } },
      { type: 'document-down', object: 'chair' as ObjectId, session: 2, bytes: Uint8Array.of(1) },
    );
    await relay.timers.advance(50);
    expect(relay.channel.people.value.map(({ session }) => session)).toEqual([1, 2]);
    relay.socket.send({ type: 'people', joined: [], left: [2] });
    await relay.timers.advance(50);
    expect(seen).toEqual([
      [bob.user, { selected: 'chair' }],
      [bob.user, null],
    ]);
    expect(relay.channel.people.value.map(({ session }) => session)).toEqual([1]);
    await relay.close();
  });

  test('[LV9] a stamp beyond the horizon shows nowhere, whatever the relay says', async () => {
    const relay = await ScriptedRelay.open();
    await relay.live();
    relay.socket.send(relay.patchDown(1, relay.saying('soon', 'S', 2048 * 600_000)));
    relay.socket.send(relay.patchDown(2, relay.saying('never', 'N', 2048 * 660_000)));
    await relay.timers.advance(50);
    expect([relay.name('soon'), relay.name('never')]).toEqual(['S', undefined]);
    await relay.close();
  });

  test('a relay that cannot keep edits has it said in the status', async () => {
    const relay = await ScriptedRelay.open();
    await relay.live();
    relay.socket.send({ type: 'keeping', ok: false });
    await relay.timers.advance(50);
    expect(relay.channel.status.value.sentence).toContain('It cannot keep edits for now');
    relay.socket.send({ type: 'keeping', ok: true });
    await relay.timers.advance(50);
    expect(relay.channel.status.value.sentence).not.toContain('cannot keep');
    await relay.close();
  });
});

function own(id: string) {
  return [id, 'node.name', 'mine'] as unknown as Parameters<ScriptedRelay['client']['set']>;
}
