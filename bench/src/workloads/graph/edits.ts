import { newActorId, type Patch, parsePath, patchOf, type Replica, timeFromMs } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import type { Figure } from '../../record/process-report.ts';
import { START_MS } from '../../scene/catalogue.ts';
import { percentile } from '../../statistics/summary.ts';
import { collect } from './heap.ts';
import type { Job } from './job.ts';
import { openReplica } from './open-blob.ts';
import { TEN_RULES } from './rules.ts';

const MEASURED_EDITS = 2000;
const WARM_UP_EDITS = 500;
const AUTHOR = newActorId((length) => new Uint8Array(length).fill(1));
const POSITION = parsePath('transform.position');
const METRES = 100;

export function measureEdits(job: Job): Figure[] {
  return edit(openReplica(job), job);
}

export function measureEditsWithRules(job: Job): Figure[] {
  const replica = openReplica(job);
  const startedMs = performance.now();
  replica.setRules(TEN_RULES);
  const ms = performance.now() - startedMs;
  if (replica.scene.size !== job.objects) throw new Error('edits: a rule hides objects');
  return [{ metric: 'rules put in force', unit: 'ms', value: ms }, ...edit(replica, job)];
}

/** One object moves at a time; each edit is joined and reduced, and shows in the scene, before the next one comes. */
function edit(replica: Replica, { seed }: Job): Figure[] {
  const patches = [...moves(replica, seed)];
  collect();
  const us: number[] = [];
  for (const patch of patches) {
    const startedMs = performance.now();
    const { changed } = replica.receive(patch, 'live');
    us.push((performance.now() - startedMs) * 1000);
    if (changed.size !== 1) throw new Error('edits: an edit changed nothing');
  }
  const samples = us.slice(WARM_UP_EDITS);
  return [
    ...[50, 95, 99].map((percent) => ({
      metric: `one edit, p${percent} of ${MEASURED_EDITS}`,
      unit: 'us' as const,
      value: percentile(samples, percent),
    })),
    { metric: 'first edit', unit: 'us', value: us[0] ?? 0 },
  ];
}

function* moves({ scene }: Replica, seed: string): Generator<Patch> {
  const random = new SeededRandom(`edits/${seed}`);
  const ids = [...scene.ids()];
  for (let at = 1; at <= WARM_UP_EDITS + MEASURED_EDITS; at++) {
    const id = ids[random.below(ids.length)];
    if (id === undefined) throw new TypeError('edits: an empty world');
    const value = Object.freeze([random.below(METRES), random.below(METRES), random.below(METRES)]);
    const register = { value, stamp: { time: timeFromMs(START_MS + at), actor: AUTHOR } };
    yield patchOf({ registers: [{ id, path: POSITION, register }] });
  }
}
