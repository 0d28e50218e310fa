import { type ActorId, parseUserId } from '@weft/core';
import { type DownFrame, poseTime, quantisePose, type Welcome, writePoseUpdate } from '@weft/protocol';
import { describe, expect, test } from 'vitest';
import { MAX_HEARD_MOVERS } from '../src/lane/conversation.ts';
import { CLOCK_AHEAD_MS, ScriptedRelay } from './scripted-relay.ts';

const BOB = {
  session: 2,
  user: parseUserId('@bob:example.org'),
  device: 'B',
  actor: 'actor-bob-1' as ActorId,
  level: 0,
};
const RATE: DownFrame = { type: 'pose-rate', perSecond: 20 };

const mover = (handle: number, session = BOB.session) => ({ handle, session, object: null, parts: 0 });
const appear = (...handles: number[]): DownFrame => ({
  type: 'movers',
  appeared: handles.map((handle) => mover(handle)),
  left: [],
});
const withBob = (relay: ScriptedRelay): Partial<Welcome> => ({ people: [...relay.welcome().people, BOB] });

function poses(relay: ScriptedRelay, handle: number, x: number): DownFrame {
  const pose = quantisePose({ body: { position: [x, 0, 0], rotation: [0, 0, 0, 1] }, resting: true });
  const updates = writePoseUpdate({ handle, pose, baseline: null, ageMs: 0 });
  return { type: 'pose-down', at: poseTime(relay.timers.now() + CLOCK_AHEAD_MS), updates };
}

async function opened(): Promise<ScriptedRelay> {
  const relay = await ScriptedRelay.open((each) => {
    each.onHello = (socket) => socket.send(each.welcome(withBob(each)), RATE, appear(5));
  });
  await relay.live();
  return relay;
}

describe('poses on a lane', () => {
  test('[AV12] show who moves where, and nobody the moment that the socket is gone', async () => {
    const relay = await opened();
    const { motion } = relay.channel;
    relay.socket.send(poses(relay, 5, 2));
    await relay.until(() => motion.movers.value[0]?.poseAt(relay.timers.now()) != null);
    expect(motion.movers.value.map(({ person, object }) => [person.user, object])).toEqual([
      [BOB.user, null],
    ]);
    expect(motion.movers.value[0]?.poseAt(relay.timers.now())?.body.position).toEqual([2, 0, 0]);
    relay.network.cut('client');
    expect(motion.movers.value).toEqual([]);
    await relay.live();
    expect(motion.movers.value.map(({ person }) => person.user)).toEqual([BOB.user]);
    await relay.close();
    expect(motion.movers.value).toEqual([]);
    expect(relay.timers.pending).toBe(0);
  });

  test('[AV8] of this client go out once it entered, with the time of the relay’s clock', async () => {
    const relay = await opened();
    const { motion } = relay.channel;
    motion.move(null, { body: { position: [1, 0, 0], rotation: [0, 0, 0, 1] } });
    motion.enter();
    expect(motion.avatar.value).toBe('asked');
    await relay.until(() => relay.socket.of('mover-up').length > 0);
    relay.socket.send({ type: 'movers', appeared: [mover(9, 1)], left: [] });
    await relay.until(() => relay.socket.of('pose-up').length > 0);
    expect(motion.avatar.value).toBe('shown');
    const [first] = relay.socket.of('pose-up');
    const behind = (poseTime(relay.timers.now() + CLOCK_AHEAD_MS) - (first?.at ?? 0) + 65_536) % 65_536;
    expect(behind).toBeLessThan(50);
    motion.look([1.5, 2, 3]);
    motion.leave();
    await relay.until(() => relay.socket.of('mover-up').at(-1)?.want === 'leave');
    expect(relay.socket.of('view-up')).toMatchObject([{ from: { x: 1, y: 2, z: 3 } }]);
    await relay.close();
  });

  test.each([
    ['poses of nobody', (relay: ScriptedRelay) => poses(relay, 6, 1)],
    ['poses that are none', () => ({ type: 'pose-down', at: 0, updates: Uint8Array.of(5, 255) }) as const],
  ])('[AV6] %s end the lane, which comes back', async (_, frame) => {
    const relay = await opened();
    relay.socket.send(frame(relay));
    await relay.until(() => relay.stage === 'waiting');
    expect(relay.channel.motion.movers.value).toEqual([]);
    await relay.live();
    await relay.close();
  });

  test(`[AV6] a relay may tell of ${MAX_HEARD_MOVERS} movers, and not of one more, however often it takes some back`, async () => {
    const relay = await opened();
    const from = (first: number, count: number): DownFrame =>
      appear(...Array.from({ length: count }, (_, at) => first + at));
    relay.socket.send({ type: 'movers', appeared: [], left: [5, 5, 6, 7] });
    for (let at = 0; at < MAX_HEARD_MOVERS / 1_024; at += 1) relay.socket.send(from(10 + at * 1_024, 1_024));
    await relay.timers.advance(100);
    expect(relay.stage).toBe('live');
    expect(relay.channel.motion.movers.value).toHaveLength(1);
    relay.socket.send(from(100_000, 1));
    await relay.until(() => relay.stage === 'waiting');
    await relay.close();
  });
});
