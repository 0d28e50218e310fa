import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BASE_TIME, delivery, plainPatch } from '../../test/arbitraries.ts';
import { treePatch } from '../../test/history.ts';
import { isActorId, parseObjectId, parsePath } from '../ids.ts';
import { join } from '../register/join.ts';
import { emptyPatch, type Patch, patchOf } from '../register/patch.ts';
import { msOf, parseTime } from '../stamp/stamp.ts';
import { Replica } from './replica.ts';

const ME = ['actor-mine--'].filter(isActorId)[0] ?? expect.fail();
const patches = fc.array(treePatch, { maxLength: 8 });

function replicaOf(...received: readonly Patch[]): Replica {
  const replica = new Replica({ actor: ME, now: () => msOf(BASE_TIME) });
  for (const patch of received) replica.receive(patch, 'matrix');
  return replica;
}

describe('the set hash', () => {
  test('[A12] is equal exactly where the base is, in whatever order and how often it came', () => {
    fc.assert(
      fc.property(
        patches.chain((all) => fc.tuple(fc.constant(all), delivery(all))),
        patches,
        ([all, delivered], others) => {
          const one = replicaOf(...all);
          expect(replicaOf(...delivered).setHash()).toBe(one.setHash());
          const same = JSON.stringify(said(all)) === JSON.stringify(said(others));
          expect(replicaOf(...others).setHash() === one.setHash()).toBe(same);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('[A12] kept up to date by what changed equals one that is computed at the end', () => {
    fc.assert(
      fc.property(patches, (all) => {
        const asked = replicaOf();
        for (const patch of all) {
          asked.receive(patch, 'matrix');
          asked.setHash();
        }
        expect(asked.setHash()).toBe(replicaOf(...all).setHash());
      }),
      { numRuns: 200 },
    );
  });

  test('[A12] hears of a register, of its value, its time, its actor, its place, and of a purge', () => {
    const of = (id: string, path: string, value: string, ticks: number, actor = ME) =>
      patchOf({
        registers: [
          {
            id: parseObjectId(id),
            path: parsePath(path),
            register: { value, stamp: { time: patchTime(ticks), actor } },
          },
        ],
      });
    const other = ['actor-other-'].filter(isActorId)[0] ?? expect.fail();
    const hashes = [
      replicaOf(),
      replicaOf(of('a', 'node.name', 'x', 0)),
      replicaOf(of('b', 'node.name', 'x', 0)),
      replicaOf(of('a', 'node.kind', 'x', 0)),
      replicaOf(of('a', 'node.name', 'y', 0)),
      replicaOf(of('a', 'node.name', 'x', -1)),
      replicaOf(of('a', 'node.name', 'x', 0, other)),
      replicaOf(patchOf({ purges: [[parseObjectId('a'), patchTime(0)]] })),
    ].map((replica) => replica.setHash());
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(hashes[0]).toBe('0'.repeat(32));
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{32}$/);
  });

  test('does not count what is pending or ahead of its time', () => {
    const replica = replicaOf();
    const [empty] = [replica.setHash()];
    const stamp = { time: patchTime(2048 * 60_000 * 60), actor: ME };
    const path = parsePath('node.name');
    const later = patchOf({ registers: [{ id: parseObjectId('a'), path, register: { value: 'x', stamp } }] });
    replica.receive(later, 'matrix');
    const own = { value: 'y', stamp: replica.clock.issue() };
    replica.write(patchOf({ registers: [{ id: parseObjectId('b'), path, register: own }] }), 'local');
    expect(replica.setHash()).toBe(empty);
  });
});

function patchTime(ticks: number) {
  return parseTime(BASE_TIME + ticks);
}

function said(all: readonly Patch[]): unknown {
  return plainPatch({ ...all.reduce(join, emptyPatch), actors: new Map() });
}
