import {
  type ActorId,
  newActorId,
  type ObjectId,
  type Patch,
  type Path,
  parseObjectId,
  parsePath,
  patchOf,
  type Register,
  type Settled,
  timeFromMs,
  WeftError,
} from '@weft/core';
import { describe, expect, test } from 'vitest';
import { EditTracker } from './edits.ts';

const ME: ActorId = newActorId((length) => new Uint8Array(length).fill(1));
const CHAIR = parseObjectId('chair');
const TABLE = parseObjectId('table');
const NAME = parsePath('node.name');
const POSITION = parsePath('transform.position');

function register(value: string, ms: number): Register {
  return { value, stamp: { time: timeFromMs(ms), actor: ME } };
}

function patch(...entries: [ObjectId, Path, string, number][]): Patch {
  return patchOf({
    registers: entries.map(([id, path, value, ms]) => ({ id, path, register: register(value, ms) })),
  });
}

function settled(id: ObjectId, path: Path, outcome: Settled['outcome'] = 'durable'): Settled {
  const held = register('x', 1);
  return { id, path, register: held, outcome, winner: outcome === 'purged' ? null : held };
}

/** What became of a promise, after everything that was queued before has run. */
async function fateOf(durable: Promise<void>): Promise<'open' | 'durable' | Error> {
  const fate = durable.then(
    () => 'durable' as const,
    (error: Error) => error,
  );
  const later = Promise.resolve()
    .then(() => undefined)
    .then(() => undefined)
    .then(() => 'open' as const);
  return Promise.race([fate, later]);
}

async function refusalOf(durable: Promise<void>): Promise<WeftError> {
  const fate = await fateOf(durable);
  expect(fate).toBeInstanceOf(WeftError);
  if (fate instanceof WeftError) return fate;
  throw new TypeError('not refused');
}

describe('an edit', () => {
  test('is durable when the room holds the last of its registers, not before', async () => {
    const tracker = new EditTracker();
    const durable = tracker.follow(
      'furnish',
      patch([CHAIR, NAME, 'a', 1], [CHAIR, POSITION, 'b', 1], [TABLE, NAME, 'c', 1]),
    );
    tracker.settle([settled(CHAIR, NAME), settled(TABLE, NAME)]);
    expect(await fateOf(durable)).toBe('open');
    expect(tracker.size).toBe(1);
    tracker.settle([settled(CHAIR, POSITION)]);
    expect(await fateOf(durable)).toBe('durable');
    expect(tracker.size).toBe(0);
  });

  test('that changes nothing is durable', async () => {
    expect(await fateOf(new EditTracker().follow('nothing', patch()))).toBe('durable');
  });

  test('is told when it is superseded or purged, with what to do', async () => {
    const tracker = new EditTracker();
    const beaten = tracker.follow('rename', patch([CHAIR, NAME, 'a', 1]));
    tracker.settle([settled(CHAIR, NAME, 'superseded')]);
    expect(await refusalOf(beaten)).toMatchObject({ code: 'superseded', path: NAME });
    const purged = tracker.follow('rename', patch([CHAIR, NAME, 'a', 1]));
    tracker.settle([settled(CHAIR, NAME, 'purged')]);
    expect((await refusalOf(purged)).message).toContain('redacted');
    expect(tracker.size).toBe(0);
  });

  test('follows the fate of a later edit of the same property', async () => {
    const tracker = new EditTracker();
    const first = tracker.follow('drag', patch([CHAIR, POSITION, 'a', 1]));
    const second = tracker.follow('drag', patch([CHAIR, POSITION, 'b', 2]));
    tracker.settle([settled(CHAIR, POSITION)]);
    expect(await Promise.all([fateOf(first), fateOf(second)])).toEqual(['durable', 'durable']);
  });

  test('fails when one of its registers is refused; others of the same object go on', async () => {
    const tracker = new EditTracker();
    const refused = tracker.follow('rename', patch([CHAIR, NAME, 'a', 1], [TABLE, NAME, 'a', 1]));
    const other = tracker.follow('move', patch([CHAIR, POSITION, 'b', 1]));
    const error = new Error('403');
    tracker.refuse([CHAIR], (_, path) => path !== NAME, error);
    expect(await fateOf(refused)).toBe(error);
    expect(await fateOf(other)).toBe('open');
    tracker.settle([settled(TABLE, NAME), settled(CHAIR, POSITION)]);
    expect(await fateOf(other)).toBe('durable');
    expect(tracker.size).toBe(0);
  });

  test('is told when the world is closed under it', async () => {
    const tracker = new EditTracker();
    const durable = tracker.follow('rename', patch([CHAIR, NAME, 'a', 1]));
    tracker.close();
    expect((await refusalOf(durable)).code).toBe('closed');
    expect(tracker.size).toBe(0);
  });

  test('that nobody waits for ends no process when it is refused', () => {
    const tracker = new EditTracker();
    tracker.follow('rename', patch([CHAIR, NAME, 'a', 1]));
    tracker.close();
    // An unhandled rejection fails the run.
    expect(tracker.size).toBe(0);
  });
});
