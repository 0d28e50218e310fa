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

const clean = () => false;

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
    const { durable } = tracker.follow(
      'furnish',
      patch([CHAIR, NAME, 'a', 1], [CHAIR, POSITION, 'b', 1], [TABLE, NAME, 'c', 1]),
    );
    tracker.settle([settled(CHAIR, NAME), settled(TABLE, NAME)], clean);
    expect(await fateOf(durable)).toBe('open');
    expect(tracker.size).toBe(1);
    tracker.settle([settled(CHAIR, POSITION)], clean);
    expect(await fateOf(durable)).toBe('durable');
    expect(tracker.size).toBe(0);
  });

  test('that changes nothing is durable', async () => {
    expect(await fateOf(new EditTracker().follow('nothing', patch()).durable)).toBe('durable');
  });

  test('is told when it is superseded or purged, with what to do', async () => {
    const tracker = new EditTracker();
    const { durable: beaten } = tracker.follow('rename', patch([CHAIR, NAME, 'a', 1]));
    tracker.settle([settled(CHAIR, NAME, 'superseded')], clean);
    expect(await refusalOf(beaten)).toMatchObject({ code: 'superseded', path: NAME });
    const { durable: purged } = tracker.follow('rename', patch([CHAIR, NAME, 'a', 1]));
    tracker.settle([settled(CHAIR, NAME, 'purged')], clean);
    expect((await refusalOf(purged)).message).toContain('redacted');
    expect(tracker.size).toBe(0);
  });

  test('follows the fate of a later edit of the same property', async () => {
    const tracker = new EditTracker();
    const { durable: first } = tracker.follow('drag', patch([CHAIR, POSITION, 'a', 1]));
    const { durable: second } = tracker.follow('drag', patch([CHAIR, POSITION, 'b', 2]));
    tracker.settle([settled(CHAIR, POSITION)], clean);
    expect(await Promise.all([fateOf(first), fateOf(second)])).toEqual(['durable', 'durable']);
  });

  test('fails when one of its registers is refused; others of the same object go on', async () => {
    const tracker = new EditTracker();
    const { durable: refused } = tracker.follow(
      'rename',
      patch([CHAIR, NAME, 'a', 1], [TABLE, NAME, 'a', 1]),
    );
    const { durable: other } = tracker.follow('move', patch([CHAIR, POSITION, 'b', 1]));
    const error = new Error('403');
    tracker.refuse(new Map([[CHAIR, new Map()]]), (_, path) => path !== NAME, error);
    expect(await fateOf(refused)).toBe(error);
    expect(await fateOf(other)).toBe('open');
    tracker.settle([settled(TABLE, NAME), settled(CHAIR, POSITION)], clean);
    expect(await fateOf(other)).toBe('durable');
    expect(tracker.size).toBe(0);
  });

  test('[LA1] fails when its own register is refused; an earlier one that is dirty again goes on, and ends by itself', async () => {
    const tracker = new EditTracker();
    const [first, second] = [1, 2].map((ms) => tracker.follow('drag', patch([CHAIR, POSITION, 'a', ms])));
    const error = new Error('403');
    tracker.refuse(new Map([[CHAIR, new Map([[POSITION, register('a', 2)]])]]), () => true, error);
    expect(await Promise.all([first, second].map((each) => fateOf(each?.durable ?? expect.fail())))).toEqual([
      'open',
      error,
    ]);
    const third = tracker.follow('drag', patch([CHAIR, POSITION, 'c', 3]));
    tracker.settle([settled(CHAIR, POSITION)], () => true);
    expect(await fateOf(first?.durable ?? expect.fail())).toBe('durable');
    expect(await fateOf(third.durable)).toBe('open');
  });

  test('[LW6] is held once a relay holds each of its registers, or a later one of this client', async () => {
    const tracker = new EditTracker();
    const first = tracker.follow('drag', patch([CHAIR, POSITION, 'a', 1], [TABLE, NAME, 'a', 1]));
    const second = tracker.follow('drag', patch([CHAIR, POSITION, 'b', 2]));
    const hold = (...written: Parameters<typeof patch>) =>
      tracker.hold(new Map([...patch(...written).objects].map(([id, { registers }]) => [id, registers])));
    hold([CHAIR, POSITION, 'a', 1]);
    expect(await Promise.all([fateOf(first.held), fateOf(second.held)])).toEqual(['open', 'open']);
    hold([CHAIR, POSITION, 'b', 2], [TABLE, NAME, 'a', 1]);
    expect(await Promise.all([fateOf(first.held), fateOf(second.held)])).toEqual(['durable', 'durable']);
    expect(await fateOf(first.durable)).toBe('open');
    tracker.close();
    expect(await fateOf(first.held)).toBe('durable');
  });

  test('[LW6] is held when it is durable, and fails with it', async () => {
    const tracker = new EditTracker();
    const kept = tracker.follow('rename', patch([CHAIR, NAME, 'a', 1]));
    const lost = tracker.follow('rename', patch([TABLE, NAME, 'a', 1]));
    tracker.settle([settled(CHAIR, NAME), settled(TABLE, NAME, 'superseded')], clean);
    expect(await fateOf(kept.held)).toBe('durable');
    expect(await refusalOf(lost.held)).toMatchObject({ code: 'superseded' });
  });

  test('is told when the world is closed under it', async () => {
    const tracker = new EditTracker();
    const { durable } = tracker.follow('rename', patch([CHAIR, NAME, 'a', 1]));
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
