import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTOR_IDS, patch as anyPatch, BASE_TIME } from '../../test/arbitraries.ts';
import { history } from '../../test/history.ts';
import { expectScene, recompute } from '../../test/scene-plain.ts';
import { decodePatch } from '../binary/decode.ts';
import { encodePatch } from '../binary/encode.ts';
import { type ActorId, isActorId, ROOT } from '../ids.ts';
import { Replica } from '../replica/replica.ts';
import { msOf, type Time } from '../stamp/stamp.ts';
import { join } from './join.ts';
import { latestTimesOf } from './latest-times.ts';
import { emptyPatch, entriesOf, type Patch, patchOf } from './patch.ts';
import { summaryOf } from './patch-summary.ts';
import { RegisterStore } from './register-store.ts';

const DAY_MS = 86_400_000;
const [ME = expect.fail()] = ['actor-mine--'].filter(isActorId);

const inFile = (patch: Patch): Patch => decodePatch(encodePatch(patch)).patch;
const withoutPurges = (patch: Patch): Patch => patchOf({ registers: entriesOf(patch), actors: patch.actors });
const latest = (times: readonly Time[]): Time | null =>
  times.reduce<Time | null>((most, time) => (most === null || time > most ? time : most), null);

function replicaOf(actor: ActorId): Replica {
  return new Replica({ actor, now: () => msOf(BASE_TIME) + DAY_MS });
}

describe('the summary of a file', () => {
  test('says what looking at each object says', () => {
    fc.assert(
      fc.property(anyPatch, (patch) => {
        const stamps = [...entriesOf(patch)].map(({ register }) => register.stamp);
        const purges = [...patch.objects.values()].flatMap(({ purge }) => purge ?? []);
        const summary = summaryOf(inFile(patch));
        expect(summary?.latest.stamp).toBe(latest(stamps.map(({ time }) => time)));
        expect(summary?.latest.purge).toBe(latest(purges));
        expect([...(summary?.writers ?? [])].sort()).toEqual(
          [...new Set(stamps.map(({ actor }) => actor))].sort(),
        );
        expect(latestTimesOf(inFile(patch))).toEqual(latestTimesOf(patch));
        expect(summaryOf(patch)).toBeUndefined();
      }),
      propertySettings(300),
    );
  });

  test('[R1] whoever hears a file, knowing nothing or something, shows what its registers show, parents first', () => {
    let first = 0;
    fc.assert(
      fc.property(history, fc.nat(3), fc.constantFrom(ME, ...ACTOR_IDS), (patches, count, actor) => {
        const replica = replicaOf(actor);
        const known = patches.slice(0, count).map(withoutPurges);
        for (const patch of known) replica.receive(patch, 'matrix');
        const before = new Set(replica.scene.ids());
        const heard = inFile(withoutPurges(patches.slice(count).reduce(join, emptyPatch)));
        // A relay's word for what is one's own counts for nothing.
        fc.pre(summaryOf(heard)?.writers.has(actor) === false);
        const { added } = replica.hear(heard);
        const store = new RegisterStore();
        for (const patch of [...known, heard]) store.join(patch);
        expectScene(replica.scene, recompute(store));
        for (const id of added) {
          before.add(id);
          const parent = replica.scene.parent(id) ?? ROOT;
          expect(parent === ROOT || before.has(parent)).toBe(true);
        }
        first += Number(count === 0 && added.length > 1);
      }),
      propertySettings(400),
    );
    expect(first).toBeGreaterThan(20);
  });
});
