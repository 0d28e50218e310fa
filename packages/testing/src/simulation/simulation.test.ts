import { actorOfUser, parseObjectId, parsePath, parseUserId, Replica, timeFromMs } from '@weft/core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { propertySettings } from '../property/settings.ts';
import { Ledger } from './ledger.ts';
import { readRegressions } from './regressions.ts';
import { runScript } from './run-script.ts';
import { writeScript } from './write-script.ts';

const SEEDS = 200;
const CHUNKS = 8;
/** Alone on a core a chunk takes two seconds. */
const CHUNK_TIMEOUT_MS = 120_000;

describe('a simulated world', () => {
  const regressions = readRegressions().map(({ name, script }) => [name, script] as const);
  if (regressions.length > 0)
    it.each(regressions)('[X2] is right where it once was wrong: %s', async (_name, script) => {
      expect((await runScript(script)).violations).toEqual([]);
    });

  it('[X1] happens again, to the letter, from the same seed', async () => {
    for (const seed of ['1', '2', '3', '4', '5']) {
      const [first, second] = [await runScript(writeScript(seed)), await runScript(writeScript(seed))];
      expect(second.traceHash).toBe(first.traceHash);
      expect(second.counts).toEqual(first.counts);
    }
    expect((await runScript(writeScript('1'))).traceHash).not.toBe(
      (await runScript(writeScript('2'))).traceHash,
    );
  });

  const { numRuns, seed: from = 1 } = propertySettings(SEEDS);
  const chunk = Math.ceil(numRuns / CHUNKS);
  it.each(Array.from({ length: CHUNKS }, (_, at) => [from + at * chunk, from + (at + 1) * chunk - 1]))(
    '[X3] heals: all replicas, fresh openings and promises agree, seeds %i to %i',
    async (first, last) => {
      for (let seed = first; seed <= last; seed += 1) {
        const { violations } = await runScript(writeScript(String(seed)));
        expect({ seed, violations }).toEqual({ seed, violations: [] });
      }
    },
    Math.max(CHUNK_TIMEOUT_MS, chunk * 1000),
  );
});

describe('the judge of simulated worlds', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('[X4] sees that a client tells nobody what became of an edit', async () => {
    const settle = Replica.prototype.settle;
    vi.spyOn(Replica.prototype, 'settle').mockImplementation(function (this: Replica, room) {
      settle.call(this, room);
      return [];
    });
    expect(await violationsOf('7')).toContain('was never told of');
  });

  it('[X4] sees that a client takes in less than the room says', async () => {
    const receive = Replica.prototype.receiveAll;
    let calls = 0;
    vi.spyOn(Replica.prototype, 'receiveAll').mockImplementation(function (this: Replica, patches, ...rest) {
      calls += 1;
      return receive.call(this, calls % 5 === 0 ? [] : patches, ...rest);
    });
    expect(await violationsOf('7')).toContain('lacks what the room holds');
  });

  it('[X4] sees that what was promised is gone', async () => {
    const id = parseObjectId('never-written');
    const stamp = { time: timeFromMs(1), actor: actorOfUser(parseUserId('@ann:a.org')) };
    const promised = { id, path: parsePath('node.name'), register: { value: 'x', stamp } };
    vi.spyOn(Ledger.prototype, 'acknowledged', 'get').mockReturnValue([promised]);
    expect(await violationsOf('7')).toContain('was promised node.name of truth: never-written');
  });

  it('[X4] sees an error that nobody expected', async () => {
    vi.spyOn(Replica.prototype, 'restampAhead').mockImplementation(() => {
      throw new RangeError('a bug');
    });
    expect(await violationsOf('7')).toContain('RangeError: a bug');
  });
});

async function violationsOf(seed: string): Promise<string> {
  return (await runScript(writeScript(seed))).violations.join('\n');
}
