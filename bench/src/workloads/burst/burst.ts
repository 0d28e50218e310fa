import { randomBytes } from 'node:crypto';
import type { Stack } from '@weft/cli/stack';
import { startBenchHomeserver } from '../../homeserver/bench-homeserver.ts';
import { stallHomeserver } from '../../homeserver/stall-homeserver.ts';
import { nextMessage, withProcess } from '../../process/start-process.ts';
import { figureRows } from '../../record/measured.ts';
import { checkOneStall, STALL_MS } from '../../turns/check-stall.ts';
import { foreignRows, takeTurns } from '../../turns/take-turns.ts';
import { defineWorkload, numbers, type RunContext, repetitions } from '../../workload.ts';
import { type BurstJob, type BurstReport, isBurstReport } from './run.ts';

/** What one edit may hold. */
const MAX_OBJECTS = 5000;
/** What a stock homeserver takes of one user after the first ten. */
const EVENTS_A_SECOND = 0.2;
const FREE_EVENTS = 10;
const START_SECONDS = 8;
/** In the self-test, beside the one that is stalled. */
const CALM_BURSTS = 3;
const CONTESTANTS = [{ name: 'weft' }, { name: 'floor' }] as const;

/** Placing many objects at once on a homeserver with stock limits: 0.2 events a second, burst 10. */
export const burst = defineWorkload({
  name: 'burst',
  summary: 'placing many objects at once under stock limits, until others see them and they are durable',
  options: {
    sizes: numbers('1,50,500,5000', { min: 1, max: MAX_OBJECTS }, 'so many objects at once'),
    reps: repetitions(5),
    'peer-sizes': numbers(
      '1,50',
      { min: 1, max: MAX_OBJECTS },
      'sizes that the peer is measured with; 50 take 200 s',
    ),
  },
  method: [
    'The homeserver is a Synapse with the limits of an unconfigured one; it stays up, and one burst of each size is thrown away first.',
    'Each repetition is a fresh process with users of its own, so that nobody has spent any allowance but on entering the room.',
    'weft and floor take turns, in reversed order every second repetition; n counts repetitions.',
    'weft imports a district made from the seed; another user has the world open in the same process.',
    'Seen: the other client shows all objects. Durable: the room’s state holds all registers, as the author’s client knows.',
    'Events and bytes are read from the room afterwards: contents of state events and, where one points to it, its blob.',
    'floor is the same bytes in one plain state event, after an upload where they are more than an event holds.',
    'events is one plain state event an object over fetch, each as soon as the homeserver allows; measured once a size.',
    `Self-test: the homeserver stands still for ${STALL_MS} ms as one object is placed; where that does not show, the run is void.`,
  ],
  seconds: ({ sizes, reps, 'peer-sizes': peerSizes }) =>
    sizes.length * (reps + 1) * CONTESTANTS.length * START_SECONDS +
    peerSizes
      .filter((size) => sizes.includes(size))
      .map((size) => START_SECONDS + Math.max(0, size - FREE_EVENTS) / EVENTS_A_SECOND)
      .reduce((sum, seconds) => sum + seconds, 0),
  async run(context, { sizes, reps, 'peer-sizes': peerSizes }) {
    const stack = await startBenchHomeserver(context.root, { ...context, rateLimits: 'stock' });
    try {
      for (const { name } of CONTESTANTS) {
        const one = { system: name, objects: 1, bytes: 100 };
        const calmMs: number[] = [];
        for (let at = 0; at < CALM_BURSTS; at += 1)
          calmMs.push(durableMs(await burstOf(stack, context, one)));
        const stalled = await burstOf(stack, context, { ...one, stallMs: STALL_MS });
        checkOneStall(name, calmMs, durableMs(stalled));
      }
      for (const objects of sizes) {
        const { bytes } = await burstOf(stack, context, { system: 'weft', objects, bytes: 0 });
        const turns = await takeTurns(context, {
          ...{ contestants: CONTESTANTS, repetitions: reps, label: `${objects} objects` },
          measure: ({ name }) => burstOf(stack, context, { system: name, objects, bytes }),
          show: (report) => `${durableMs(report).toFixed(0)} ms`,
        });
        const events = peerSizes.includes(objects)
          ? [await burstOf(stack, context, { system: 'events', objects, bytes })]
          : [];
        for (const [system, reports] of [...turns.reports, ['events', events] as const])
          context.record(
            figureRows(
              { system, parameters: { objects } },
              reports.map(({ figures }) => figures),
            ),
          );
        context.record(foreignRows(turns, { objects }));
      }
    } finally {
      await stack.stop();
    }
  },
});

async function burstOf(
  stack: Stack,
  { seed, signal }: RunContext,
  of: Pick<BurstJob, 'system' | 'objects' | 'bytes'> & { readonly stallMs?: number },
): Promise<BurstReport> {
  signal.throwIfAborted();
  const { stallMs = 0, ...given } = of;
  const run = randomBytes(6).toString('hex');
  const [author, reader] = [await stack.account(`author-${run}`), await stack.account(`reader-${run}`)];
  const job: BurstJob = { ...given, author, reader, seed };
  return withProcess(new URL('process.ts', import.meta.url), job, { signal }, async (child) => {
    if (stallMs > 0) {
      await nextMessage(child, ({ event }) => (event === 'begins' ? true : null));
      await stallHomeserver(stack, stallMs);
    }
    return nextMessage(child, ({ report }) => (isBurstReport(report) ? report : null));
  });
}

function durableMs({ figures }: BurstReport): number {
  return figures.find(({ metric }) => metric === 'durable')?.value ?? Number.NaN;
}
