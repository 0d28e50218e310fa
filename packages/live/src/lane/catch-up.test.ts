import { encodePatch, patchOf } from '@weft/core';
import { ProtocolError, type Welcome } from '@weft/protocol';
import { settle } from '@weft/testing';
import { expect, test } from 'vitest';
import { CatchUp, type Heard, MAX_WAITING_BYTES } from './catch-up.ts';

const NOTHING = patchOf({});

function start(welcome: Partial<Welcome> = {}) {
  const file = encodePatch(NOTHING);
  const heard: (number | null)[] = [];
  const ends: string[] = [];
  const catchUp = new CatchUp({
    welcome: { through: 7, missed: 0, kind: 'snapshot', snapshotBytes: file.length, ...welcome },
    decoding: {},
    hear: ({ seq }) => heard.push(seq),
    progress: () => undefined,
    done: () => ends.push('done'),
    failed: () => ends.push('failed'),
  });
  catchUp.start();
  const take = (seq: number, bytes = 1) =>
    catchUp.take({ type: 'patch', seq, patch: NOTHING } satisfies Heard, bytes);
  const part = { type: 'snapshot', index: 0, count: 1, bytes: file } as const;
  return { catchUp, heard, ends, take, part };
}

test('[LV13] what was missed counts as the last number of before, whatever a dead run had called it', async () => {
  const { heard, ends, take } = start({ kind: 'difference', missed: 2, snapshotBytes: 0 });
  take(0);
  expect(ends).toEqual([]);
  take(112);
  expect([heard, ends]).toEqual([[7, 7], ['done']]);
});

test('[LV13] a snapshot comes first, then what waited for it, in order', async () => {
  const { catchUp, heard, ends, take, part } = start({ missed: 1 });
  take(0);
  take(8);
  catchUp.add(part);
  await settle();
  expect([heard, ends]).toEqual([[null, 7, 8], ['done']]);
});

test('[LV13] as much may wait as the bound says, and one byte more may not', () => {
  const { take } = start();
  take(8, MAX_WAITING_BYTES);
  expect(() => take(9, 1)).toThrow(ProtocolError);
});

test('[LV13] what was cancelled tells nothing', async () => {
  const { catchUp, heard, ends, part } = start();
  catchUp.add(part);
  catchUp.cancel();
  await settle();
  expect([heard, ends]).toEqual([[], []]);
});
