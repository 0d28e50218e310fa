import { encodeFrame } from '@weft/protocol';
import { expect, test } from 'vitest';
import { UsageError } from '../command/usage.ts';
import { TwinLaneWorld } from '../lane/twin-lane-world.ts';
import { propertySettings } from '../property/settings.ts';
import { SeededRandom } from '../random/seeded-random.ts';
import { AttackedRoom } from './attacked-room.ts';
import { readOptions } from './command/options.ts';
import { summary } from './command/summary.ts';
import { checkReadsBack, decodeBothWays } from './decode-both-ways.ts';
import { FrameInputs } from './frame-inputs.ts';
import { runFuzz } from './run-fuzz.ts';
import { MAX_CALL_MS, Tally } from './tally.ts';

const FRAMES = 5000;

test('[PF10] nobody who reads frames is harmed by any', async () => {
  const { numRuns, seed = 1 } = propertySettings(FRAMES);
  const tally = await runFuzz({ frames: numRuns, seed: String(seed) });
  expect(tally.failures).toEqual([]);
  expect(tally.hasFailed).toBe(false);
  expect(tally.inputs).toBe(numRuns);
  expect(tally.received).toBe(numRuns);
  // What is never read or never refused was not much of an attack.
  expect(tally.read).toBeGreaterThan(numRuns / 10);
  for (const code of ['malformed', 'too-large', 'unknown-frame', 'wrong-direction'])
    expect(tally.refusals[code], code).toBeGreaterThan(0);
  for (const type of ['ack', 'reject', 'patch-down', 'lease-answer'])
    expect(tally.sent[type], type).toBeGreaterThan(0);
}, 300_000);

test('[PF10] the same seed makes the same inputs, another one others', () => {
  const [inputs, again, others] = [new FrameInputs('a'), new FrameInputs('a'), new FrameInputs('b')];
  const bytes = (from: FrameInputs) => Array.from({ length: 50 }, (_, number) => from.bytes(number));
  expect(bytes(again)).toEqual(bytes(inputs));
  expect(bytes(others)).not.toEqual(bytes(inputs));
});

test('[PF11] what crashes and what is slow is counted, and told with its bytes', () => {
  const tally = new Tally();
  tally.took(1, Uint8Array.of(1), MAX_CALL_MS);
  expect(tally.hasFailed).toBe(false);
  tally.took(2, Uint8Array.of(2), MAX_CALL_MS + 0.1);
  tally.crashed(3, Uint8Array.of(3), new RangeError('deep'));
  expect(tally.failures).toEqual([
    { number: 2, what: '20.1 ms of processor time', bytes: '02' },
    { number: 3, what: 'RangeError: deep', bytes: '03' },
  ]);
  expect(tally).toMatchObject({
    hasFailed: true,
    slow: 1,
    crashes: 1,
    worstMs: MAX_CALL_MS + 0.1,
    worstNumber: 2,
  });
  expect(summary('s', tally, 1)).toContain('1 crashes, 1 calls over 20 ms');
});

test('[PF11] a relay that fails on a frame is seen to', async () => {
  let isSpoilt = false;
  class SpoiltWorld extends TwinLaneWorld {
    override stateDigest(): string {
      if (isSpoilt) throw new Error('a bug');
      return super.stateDigest();
    }
  }
  const room = await AttackedRoom.open(new SeededRandom('s'), new FrameInputs('s').greeting, SpoiltWorld);
  room.receive(encodeFrame({ type: 'digest-up' }));
  isSpoilt = true;
  expect(() => room.receive(encodeFrame({ type: 'digest-up' }))).toThrow('a bug');
  isSpoilt = false;
  await room.close();
});

test('[PF11] a golden frame is read in its direction only, and reads back', () => {
  for (const bytes of new FrameInputs('s').whole) {
    expect(decodeBothWays(bytes).toSorted()).toEqual([null, 'wrong-direction'].toSorted());
    checkReadsBack(bytes);
  }
});

test('the command is told what it cannot do', () => {
  expect(readOptions([])).toMatchObject({ frames: 100_000, seed: 'weft', from: 0, json: false });
  expect(readOptions(['--frames', '5', '--seed', 'x', '--from', '7', '--json'])).toMatchObject({
    frames: 5,
    seed: 'x',
    from: 7,
    json: true,
  });
  for (const args of [['--frames', '0'], ['--frames', 'many'], ['--from', '-1'], ['--what']])
    expect(() => readOptions(args)).toThrow(UsageError);
});
