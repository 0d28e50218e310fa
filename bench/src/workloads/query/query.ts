import { setImmediate } from 'node:timers/promises';
import { query as ask } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { Query } from 'mingo';
import { sampled } from '../../record/measured.ts';
import type { Measurement } from '../../record/result.ts';
import { defineWorkload, number, numbers, type RunContext } from '../../workload.ts';
import { liveSamples } from './live.ts';
import { firstPage, QUESTIONS, type Question } from './questions.ts';
import { type QueriedWorld, queriedWorld } from './world.ts';

const WARM_UP_REPETITIONS = 50;
/** Reading everything takes long, and varies less. */
const SCAN_SHARE = 10;
const MAX_OBJECTS = 200_000;
const MAX_QUESTIONS = 10_000;
/** All that is asked once of a hundred thousand objects; the scans take most of it. */
const HUNDRED_THOUSAND_SECONDS = 0.15;

/** Finding objects through indexes, beside a plain loop and mingo alone over plain objects; and following results. */
export const query = defineWorkload({
  name: 'query',
  summary: 'finding objects by kind, name, tag and radius, and keeping results up to date',
  options: {
    sizes: numbers('10000,100000', { min: 100, max: MAX_OBJECTS }, 'worlds of so many objects'),
    'live-sizes': numbers('1000,10000,100000', { min: 100, max: MAX_OBJECTS }, 'worlds for live queries'),
    reps: number(500, { min: 1, max: MAX_QUESTIONS }, 'measured questions of each sort'),
  },
  method: [
    'The world is a district made from the seed; what is asked for is drawn from the seed, anew for every question.',
    'A question asks for the first page of 100 by id. Weft gives objects; the scan and mingo give whole matches, unsorted.',
    'The plain objects have their boxes in the world worked out beforehand, which neither the scan nor mingo pays for.',
    'Every answer is compared with the scan, outside what is timed; another one voids the run.',
    'The first 50 questions of each sort are thrown away, and with them the building of indexes; the scans ask a tenth.',
    'Between questions the event loop turns, as it does between those of users; collections are counted where they fall.',
    'A live query takes in 200 changes unmeasured; then each change moves and dims one light; its reduction is not counted.',
    'After the last change the live result is compared with asking again.',
  ],
  seconds: ({ sizes, 'live-sizes': liveSizes, reps }) =>
    [...sizes, ...liveSizes]
      .map((size) => 5 + (size / 100_000) * reps * HUNDRED_THOUSAND_SECONDS)
      .reduce((sum, seconds) => sum + seconds, 0),
  async run(context, { sizes, 'live-sizes': liveSizes, reps }) {
    for (const objects of sizes) {
      const world = queriedWorld(context.seed, objects);
      for (const name of Object.keys(QUESTIONS)) {
        context.progress(`${objects} objects: by ${name}`);
        context.record(await measureQuestion(context, world, name, reps));
      }
    }
    for (const objects of liveSizes) {
      context.progress(`${objects} objects: live queries`);
      const world = queriedWorld(context.seed, objects);
      for (const { name, samples } of liveSamples(world, context.seed, reps)) {
        context.signal.throwIfAborted();
        context.record([measurement(`live delta, ${name}`, 'weft', objects, samples)]);
      }
    }
  },
});

async function measureQuestion(
  { seed, signal }: RunContext,
  world: QueriedWorld,
  name: string,
  repetitions: number,
): Promise<Measurement[]> {
  const random = new SeededRandom(`query/${name}/${seed}`);
  const series = new Map<string, number[]>();
  for (let at = -WARM_UP_REPETITIONS; at < repetitions; at += 1) {
    signal.throwIfAborted();
    const question = QUESTIONS[name]?.(random, world.rows);
    if (question === undefined) throw new TypeError(`query: no question ${name}`);
    const isCompared = at % SCAN_SHARE === 0;
    for (const [system, us] of askAll(world, question, isCompared)) {
      if (at < 0) continue;
      const samples = series.get(system) ?? [];
      samples.push(us);
      series.set(system, samples);
    }
    await setImmediate();
  }
  return [...series].map(([system, samples]) =>
    measurement(`by ${name}`, system, world.rows.length, samples),
  );
}

function askAll(
  { scene, rows }: QueriedWorld,
  { query: form, filter, matches }: Question,
  isCompared: boolean,
): readonly (readonly [string, number])[] {
  const weft = timed(() => ask(scene, form).objects);
  if (!isCompared) return [['weft', weft.us]];
  const scan = timed(() => rows.filter(matches));
  const mingo =
    filter === null
      ? null
      : timed(() =>
          new Query<(typeof rows)[number]>(filter, {}).find<(typeof rows)[number]>([...rows]).all(),
        );
  const expected = firstPage(scan.value.map(({ id }) => id)).join();
  const answers = [
    weft.value.map(({ id }) => id),
    mingo === null ? [] : firstPage(mingo.value.map(({ id }) => id)),
  ];
  if (answers.some((ids, at) => (at === 0 || mingo !== null) && ids.join() !== expected))
    throw new Error(`query: ${JSON.stringify(form)} was answered otherwise than by the scan`);
  return [
    ['weft', weft.us],
    ['plain scan', scan.us],
    ...(mingo === null ? [] : [['mingo', mingo.us] as const]),
  ];
}

function timed<T>(work: () => T): { readonly value: T; readonly us: number } {
  const startedMs = performance.now();
  const value = work();
  return { value, us: (performance.now() - startedMs) * 1000 };
}

function measurement(
  metric: string,
  system: string,
  objects: number,
  samples: readonly number[],
): Measurement {
  return sampled({ metric, system, parameters: { objects }, unit: 'us', samples });
}
