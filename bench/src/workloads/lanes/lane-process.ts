// Author and observer of one world in a fresh process, with one clock for both.
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@weft/testing';
import { createWorld, type ObjectId, openWorld, type World } from '@weft/world';
import { JOB_VARIABLE } from '../../record/process-report.ts';
import type { LaneJob, LaneReport } from './lane-job.ts';

/** Where no object stands before it was moved. */
const MOVED_METRES = 1_000_000;
/** Until both are on the lane that is measured, and until the last edit was seen. */
const PATIENCE_MS = 60_000;
const SETTLE_MS = 1000;

const job: LaneJob = JSON.parse(process.env[JOB_VARIABLE] ?? 'null');
process.on('disconnect', () => process.exit());
const { lane, author, observer, relay } = job;
const choice = { lanes: lane === 'matrix' ? (['matrix'] as const) : ([lane, 'matrix'] as const) };
const invited = { invite: [observer.userId], levels: { [observer.userId]: 25 } };
const relays = relay === null ? [] : [relay];
const world = await createWorld({ login: author, title: 'Lanes', ...invited, ...choice, relays });
const looker = await openWorld(world.room, { login: observer, ...choice });
await until(() => [world, looker].every(({ status }) => status.value.lane === lane), {
  what: `both are on the lane ${lane}`,
  withinMs: PATIENCE_MS,
});
const id = world.edit('place', (draft) => draft.add({ node: { name: 'Measured' } })).value;
await until(() => looker.get(id) !== undefined, {
  what: 'the observer sees the object',
  withinMs: PATIENCE_MS,
});
await sleep(SETTLE_MS);
process.send?.({ event: 'begins' });
const report: LaneReport = { latenciesMs: await movedAndSeen(world, looker, id) };
process.send?.({ report }, () => process.exit());

async function movedAndSeen(world: World, looker: World, id: ObjectId): Promise<readonly number[]> {
  const edits = job.warmUp + job.edits;
  const dueMs: number[] = [];
  const latenciesMs: number[] = [];
  looker.on('change', () => {
    const [x = 0] = looker.get(id)?.transform?.position ?? [];
    const nowMs = performance.now();
    // A lane may bring several edits of one property as the newest: who sees that has seen those before.
    for (let mark = latenciesMs.length; mark <= x - MOVED_METRES; mark += 1)
      latenciesMs.push(nowMs - (dueMs[mark] ?? nowMs));
  });
  const startMs = performance.now();
  for (let mark = 0; mark < edits; mark += 1) {
    const due = startMs + (mark * 1000) / job.rate;
    dueMs.push(due);
    await sleep(Math.max(0, due - performance.now()));
    world.edit('move', (draft) => draft.set(id, { transform: { position: [MOVED_METRES + mark, 0, 0] } }));
  }
  await until(() => latenciesMs.length === edits, {
    what: 'the observer sees the last edit',
    withinMs: PATIENCE_MS,
  });
  return latenciesMs.slice(job.warmUp);
}
