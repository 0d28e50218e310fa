import type { Account } from '@weft/cli/stack';
import type { RelayTransport } from '@weft/protocol';
import { createWorld, type ObjectId, openWorld, type World } from '@weft/world';

export type LaneName = 'relay' | 'matrix';

export interface LaneRun {
  readonly lane: LaneName;
  readonly author: Account;
  readonly observer: Account;
  /** The relay that the world names; `null` for a world without one. */
  readonly relay: RelayTransport | null;
  readonly edits: number;
  /** Edits a second. */
  readonly rate: number;
  readonly signal: AbortSignal;
}

/** Where no object stands before it was moved. */
const MOVED_METRES = 1_000_000;
/** Until both are on the lane that is measured, and until the last edit was seen. */
const PATIENCE_MS = 60_000;
const LOOK_MS = 20;
const SETTLE_MS = 1000;

/** How long edits of one client take until another one shows them, in milliseconds from when they were due. */
export async function laneLatencies(run: LaneRun): Promise<readonly number[]> {
  const { lane, author, observer, relay } = run;
  const choice = { lanes: lane === 'matrix' ? (['matrix'] as const) : ([lane, 'matrix'] as const) };
  const world = await createWorld({
    ...{
      login: loginOf(author),
      title: 'Lanes',
      invite: [observer.userId],
      levels: { [observer.userId]: 25 },
    },
    ...choice,
    relays: relay === null ? [] : [relay],
  });
  try {
    const looker = await openWorld(world.room, { login: loginOf(observer), ...choice });
    try {
      await until(() => [world, looker].every(({ status }) => status.value.lane === lane), run.signal);
      const id = world.edit('place', (draft) => draft.add({ node: { name: 'Measured' } })).value;
      await until(() => looker.get(id) !== undefined, run.signal);
      await sleep(SETTLE_MS);
      return await movedAndSeen(world, looker, id, run);
    } finally {
      await looker.close({ waitMs: 0 });
    }
  } finally {
    await world.close({ waitMs: 0 });
  }
}

async function movedAndSeen(
  world: World,
  looker: World,
  id: ObjectId,
  { edits, rate, signal }: LaneRun,
): Promise<readonly number[]> {
  const dueMs: number[] = [];
  const latencies = new Map<number, number>();
  const stop = looker.on('change', () => {
    const [x = 0] = looker.get(id)?.transform?.position ?? [];
    const nowMs = performance.now();
    // A lane may bring several edits of one property as the newest: who sees that has seen those before.
    for (let mark = latencies.size; mark <= x - MOVED_METRES; mark += 1)
      latencies.set(mark, nowMs - (dueMs[mark] ?? nowMs));
  });
  const startMs = performance.now();
  for (let mark = 0; mark < edits; mark += 1) {
    const due = startMs + (mark * 1000) / rate;
    dueMs.push(due);
    await sleep(Math.max(0, due - performance.now()));
    world.edit('move', (draft) => draft.set(id, { transform: { position: [MOVED_METRES + mark, 0, 0] } }));
  }
  await until(() => latencies.size === edits, signal);
  stop();
  return [...latencies.values()];
}

/** @throws Error where it takes too long */
async function until(condition: () => boolean, signal: AbortSignal): Promise<void> {
  const untilMs = performance.now() + PATIENCE_MS;
  while (!condition()) {
    signal.throwIfAborted();
    if (performance.now() > untilMs) throw new Error('lanes: waited for a minute: the run is void');
    await sleep(LOOK_MS);
  }
}

function loginOf({ homeserver, token }: Account) {
  return { homeserver, token };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
