import { newActorId, parseObjectId, parsePath, timeFromMs } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import { MAX_TAKEN_BACK, TakenBack } from './taken-back.ts';

const actor = newActorId(new SeededRandom('taken back').bytes);
const entry = (ms: number) => ({
  id: parseObjectId('lamp'),
  path: parsePath('node.name'),
  register: { value: ms, stamp: { time: timeFromMs(ms), actor } },
});

test('[PL7] of 16,384 registers it is remembered that they were taken back, and of more the oldest are forgotten', () => {
  const taken = new TakenBack();
  for (let ms = 1; ms <= MAX_TAKEN_BACK; ms += 1) taken.add(entry(ms));
  taken.add(entry(1));
  expect([taken.size, taken.has(entry(2)), taken.has(entry(MAX_TAKEN_BACK + 1))]).toEqual([
    MAX_TAKEN_BACK,
    true,
    false,
  ]);
  taken.add(entry(MAX_TAKEN_BACK + 1));
  expect([taken.size, taken.has(entry(1)), taken.has(entry(2))]).toEqual([MAX_TAKEN_BACK, true, false]);
});
