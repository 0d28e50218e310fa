import {
  type ActorId,
  type ObjectId,
  type ObjectRegisters,
  parsePath,
  patchOf,
  timeFromMs,
} from '@weft/core';
import { decodeWirePatch, type RetractUp } from '@weft/protocol';
import { expect, test } from 'vitest';
import { MAX_RETRACTIONS, Retractions } from './retractions.ts';

const NAME = parsePath('node.name');
const stamp = { time: timeFromMs(1), actor: 'actor-01' as ActorId };

function registers(first: number, count: number): ObjectRegisters {
  const ids = Array.from({ length: count }, (_, at) => `object-${first + at}` as ObjectId);
  return new Map(ids.map((id) => [id, new Map([[NAME, { value: 1, stamp }]])]));
}

function start() {
  const sent: RetractUp[] = [];
  const line = { isLive: true };
  const retractions = new Retractions((frame) => {
    if (line.isLive) sent.push(frame);
    return line.isLive;
  });
  const objects = () => sent.flatMap(({ patch }) => [...decodeWirePatch(patch).objects.keys()]);
  return { sent, line, retractions, objects };
}

test('[LV9] what the room refused is told again to each relay until one has told everybody', () => {
  const { sent, line, retractions, objects } = start();
  line.isLive = false;
  retractions.add(registers(0, 2));
  expect(sent).toEqual([]);
  line.isLive = true;
  retractions.again();
  retractions.again();
  expect(objects()).toEqual(['object-0', 'object-1', 'object-0', 'object-1']);
  const [frame] = sent;
  if (frame === undefined) throw new Error('nothing was sent');
  retractions.heard(decodeWirePatch(frame.patch));
  retractions.again();
  expect([sent.length, retractions.size]).toEqual([2, 0]);
  retractions.heard(patchOf({}));
});

test('[LV9] what a relay says although it told everybody to drop it is taken back again', () => {
  const { sent, retractions, objects } = start();
  retractions.add(registers(0, 2));
  const [frame] = sent.splice(0);
  if (frame === undefined) throw new Error('nothing was sent');
  const patch = decodeWirePatch(frame.patch);
  retractions.said(patch);
  expect(sent).toEqual([]);
  retractions.heard(patch);
  const later = { value: 1, stamp: { ...stamp, time: timeFromMs(2) } };
  const [first, second] = [...patch.objects.keys()];
  if (first === undefined || second === undefined) throw new Error('nothing was retracted');
  retractions.said(patchOf({ registers: [{ id: first, path: NAME, register: later }] }));
  expect(sent).toEqual([]);
  retractions.said(patchOf({ registers: [{ id: second, path: NAME, register: { value: 1, stamp } }] }));
  expect([objects(), retractions.size]).toEqual([[second], 1]);
  retractions.heard(patch);
  expect(retractions.size).toBe(0);
});

test('as many retractions as the bound are remembered, and of one more the oldest is let go', () => {
  const { retractions } = start();
  retractions.add(registers(0, MAX_RETRACTIONS));
  expect(retractions.size).toBe(MAX_RETRACTIONS);
  retractions.add(registers(MAX_RETRACTIONS, 1));
  expect(retractions.size).toBe(MAX_RETRACTIONS);
});

test('as many that were told are remembered, and of one more the oldest is let go', () => {
  const { sent, retractions, objects } = start();
  const patch = (first: number, count: number) =>
    patchOf({
      registers: [...registers(first, count).keys()].map((id) => ({
        id,
        path: NAME,
        register: { value: 1, stamp },
      })),
    });
  retractions.add(registers(0, MAX_RETRACTIONS));
  retractions.heard(patch(0, MAX_RETRACTIONS));
  retractions.add(registers(MAX_RETRACTIONS, 1));
  retractions.heard(patch(MAX_RETRACTIONS, 1));
  sent.length = 0;
  retractions.said(patch(0, 1));
  expect(sent).toEqual([]);
  retractions.said(patch(1, 1));
  retractions.said(patch(MAX_RETRACTIONS, 1));
  expect(objects()).toEqual(['object-1', `object-${MAX_RETRACTIONS}`]);
});
