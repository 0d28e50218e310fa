import {
  actorOfUser,
  emptyPatch,
  parseObjectId,
  parsePath,
  parseUserId,
  Replica,
  timeFromMs,
} from '@weft/core';
import { RecordStore } from '@weft/store';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { propertySettings } from '../property/settings.ts';
import { addCounts, noCounts } from './counts.ts';
import { Ledger } from './ledger.ts';
import { readRegressions } from './regressions.ts';
import { runScript } from './run-script.ts';
import type { EditKind, Script, Step } from './script.ts';
import { SimProcess } from './sim-process.ts';
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

  const met = noCounts();
  const { numRuns, seed: from = 1 } = propertySettings(SEEDS);
  const chunk = Math.ceil(numRuns / CHUNKS);
  it.each(Array.from({ length: CHUNKS }, (_, at) => [from + at * chunk, from + (at + 1) * chunk - 1]))(
    '[X3] heals: all replicas, fresh openings and promises agree, seeds %i to %i',
    async (first, last) => {
      for (let seed = first; seed <= last; seed += 1) {
        const { violations, counts } = await runScript(writeScript(String(seed)));
        addCounts(met, counts);
        expect({ seed, violations }).toEqual({ seed, violations: [] });
      }
    },
    Math.max(CHUNK_TIMEOUT_MS, chunk * 1000),
  );

  it('[X3] meets faults of every kind, where so many seeds are run', () => {
    const unmet = Object.entries(met).filter(([, count]) => count === 0);
    if (numRuns >= SEEDS && from === 1) expect(unmet).toEqual([]);
    else expect(met.steps).toBeGreaterThan(0);
  });
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
    expect(await violationsOf('5')).toContain('lacks what the room holds');
  });

  it('[X4] sees that what was promised is gone', async () => {
    const id = parseObjectId('never-written');
    const stamp = { time: timeFromMs(1), actor: actorOfUser(parseUserId('@ann:a.org')) };
    const promised = { id, path: parsePath('node.name'), register: { value: 'x', stamp } };
    vi.spyOn(Ledger.prototype, 'acknowledged', 'get').mockReturnValue([promised]);
    expect(await violationsOf('7')).toContain('was promised node.name of truth: never-written');
  });

  it('[X4] sees that somebody keeps what was written without the right', async () => {
    const receive = Replica.prototype.receiveAll;
    vi.spyOn(Replica.prototype, 'receiveAll').mockImplementation(function (
      this: Replica,
      patches,
      by,
      rules,
    ) {
      return receive.call(this, patches, by, rules);
    });
    const { violations, counts } = await runScript(betrayal);
    expect(counts.unentitled).toBeGreaterThan(0);
    expect(violations.join('\n')).toContain('auditor on s1.test holds what was written without the right');
    expect(violations.join('\n')).toContain('u2 on s1.test holds what was written without the right');
    vi.restoreAllMocks();
    expect((await runScript(betrayal)).violations).toEqual([]);
  });

  it('[X4] sees that a device keeps what is gone elsewhere, be it in a record that nothing lists', async () => {
    const write = RecordStore.prototype.write;
    let strays = 0;
    vi.spyOn(RecordStore.prototype, 'write').mockImplementation(function (this: RecordStore, change) {
      const put = new Map(change.put);
      for (const [key, record] of change.put ?? [])
        if (key.startsWith('state/')) put.set(`past/stray-${strays++}`, record);
      return write.call(this, { ...change, put });
    });
    const violations = (await runScript(purge)).violations.join('\n');
    expect(violations).toMatch(/the device of u\d keeps what was purged in past/);
    const betrayed = (await runScript(betrayal)).violations.join('\n');
    expect(betrayed).toMatch(/the device of u2 keeps the event .*, which was sent without the right/);
    expect(betrayed).toContain('the device of u2 holds what was written without the right');
    vi.restoreAllMocks();
    expect((await runScript(purge)).violations).toEqual([]);
  });

  it('[X4] sees that somebody goes on carrying what was purged', async () => {
    vi.spyOn(Replica.prototype, 'purgeOf').mockReturnValue(null);
    expect((await runScript(purge)).violations.join('\n')).toContain('still carries what was purged');
  });

  it('[X4] sees that nobody says that a file is lost', async () => {
    const { violations, counts } = await runScript(lostFile);
    expect({ violations, losses: counts.mediaLosses }).toEqual({ violations: [], losses: 1 });
    expect(counts.unreadable).toBeGreaterThan(0);
    const session = Object.getOwnPropertyDescriptor(SimProcess.prototype, 'session')?.get;
    vi.spyOn(SimProcess.prototype, 'session', 'get').mockImplementation(function (this: SimProcess) {
      const real = session?.call(this);
      return real == null ? null : new Proxy(real, { get: (of, name) => memberOf(of, name) });
    });
    expect((await runScript(lostFile)).violations.join('\n')).toContain(
      'does not say that something cannot be read',
    );
  });

  it('[X4] sees that a device lost what it promised to keep', async () => {
    expect((await runScript(tornRecord)).violations).toEqual([]);
    expect((await runScript(tornRecord)).counts).toMatchObject({ damages: 1, diskFaults: 1 });
    const resume = Replica.prototype.resume;
    vi.spyOn(Replica.prototype, 'resume').mockImplementation(function (this: Replica, _patch, former) {
      return resume.call(this, emptyPatch, former);
    });
    expect((await runScript(tornRecord)).violations.join('\n')).toContain('the device of u2 kept');
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

function memberOf(of: object, name: string | symbol): unknown {
  if (name === 'incomplete') return [];
  const member: unknown = Reflect.get(of, name, of);
  return typeof member === 'function' ? member.bind(of) : member;
}

/** An owner on one server; a builder, and one of this level whose device keeps all, on another. */
function scriptOf(name: string, steps: readonly Step[], level = 25): Script {
  const server = { offsetMs: 0, stateAfter: true, limited: false };
  const user = { server: 1, level: 25, skewMs: 0, keeps: false };
  const links = {
    delayMs: [1, 1],
    loss: 0,
    duplication: 0,
    reordering: 0,
    clientDelayMs: [1, 1],
  } as const;
  return {
    seed: name,
    servers: [server, server],
    users: [{ ...user, server: 0, level: 100 }, user, { ...user, level, keeps: true }],
    links,
    twists: { other: 0, reset: 0, drop: 0 },
    steps,
  };
}

function edit(kind: EditKind, who: number, afterMs = 2000): Step {
  return { afterMs, do: 'edit', edit: kind, who, pick: 0, to: 1 };
}

/** Who looks on may write nothing of it again. */
const betrayal = scriptOf(
  'betrayal',
  [
    edit('create', 1),
    { afterMs: 2000, do: 'split', sides: 1 },
    { afterMs: 100, do: 'ban', who: 0, target: 1 },
    edit('set', 1),
  ],
  0,
);

/** The builder's bundle holds what the owner empties then. */
const purge = scriptOf('purge', [
  edit('bulk', 1),
  edit('bulk', 2),
  edit('set', 2),
  { afterMs: 30_000, do: 'empty', who: 0, pick: 2 },
]);

const lostFile = scriptOf('lost file', [
  edit('create', 1),
  { afterMs: 2000, do: 'checkpoint', who: 0 },
  { afterMs: 5000, do: 'forget-media', server: 0 },
]);

const tornRecord = scriptOf('torn record', [
  edit('create', 1),
  { afterMs: 1000, do: 'offline', who: 2 },
  edit('set', 2, 100),
  { afterMs: 100, do: 'disk', who: 2, fault: 'torn' },
  edit('create', 2, 100),
]);
