import {
  CLASHES,
  type Federation,
  type NetsplitReport,
  netsplit,
  SplitWorld,
  startFederation,
} from '@weft/testing/federation';
import type { World, WorldChange } from '@weft/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The promise: with retries tuned, both servers' people see the same world again this long after a split. */
const MAX_HEAL_MS = 10_000;
/** On a machine on which an edit takes this long to cross and no more wants to run than it has cores; else longer. */
const QUIET_CROSSING_MS = 500;
const TIMEOUT_MS = 60_000;

const CASES = [
  { name: 'of a minute, refusing', seconds: 60, how: 'refusing', towards: 'both', stateAfter: true },
  { name: 'one way, of eight seconds', seconds: 8, how: 'refusing', towards: 'b', stateAfter: true },
  {
    name: 'of eight seconds, silent, on servers without state_after',
    seconds: 8,
    how: 'silent',
    towards: 'both',
    stateAfter: false,
  },
] as const;

describe.each(CASES)('a netsplit $name', ({ stateAfter, ...cut }) => {
  let federation: Federation;
  let split: SplitWorld;
  let report: NetsplitReport;
  const changes = new Map<World, WorldChange[]>();

  beforeAll(async () => {
    federation = await startFederation({ stateAfter });
    split = await SplitWorld.open(federation);
    for (const world of split.worlds) {
      const seen: WorldChange[] = [];
      changes.set(world, seen);
      // Read right away: later it would tell of later changes too.
      world.on('change', ({ authors, ...change }) => seen.push({ ...change, authors: new Map(authors) }));
    }
    report = await netsplit(split, { ...cut, timeoutMs: TIMEOUT_MS });
  });

  afterAll(async () => {
    await split?.close();
    await federation?.stop();
  });

  it('[FD2] lets both sides go on, acknowledged by their own server', () => {
    expect(report.during[0]).not.toBe(report.during[1]);
    expect(report.during).not.toContain(report.before);
    expect(split.ledger.lost).toEqual([]);
    expect(report.acknowledged).toBeGreaterThan(cut.seconds);
  });

  it('[FD2] ends in ten seconds with the same world for who was there and who comes later, on both servers', () => {
    const slower = Math.max(1, report.load, report.crossingMs / QUIET_CROSSING_MS);
    expect(report.clientsEqualMs).toBeLessThan(MAX_HEAL_MS * slower);
    expect(report.roomEqualMs).toBeLessThan(MAX_HEAL_MS * slower);
    expect(report.missing).toEqual([]);
  });

  it('[FD2] keeps the later of two values, both of two properties, and a deletion', () => {
    for (const world of split.worlds) {
      const table = world.get(CLASHES.table);
      expect(table).toMatchObject({ node: { name: 'Oak table', tags: ['oak'] } });
      expect(table?.transform?.position).toEqual([0, 0, 2]);
      expect(world.get(CLASHES.chair)?.seat?.occupant).toBe(split.ben.userId);
      expect(world.get(CLASHES.vase)).toBeUndefined();
    }
  });

  it('[FD3] breaks a cycle and keeps one of two that clash, alike on both sides', () => {
    const { left, right, badgeOfA, badgeOfB } = CLASHES;
    const shown = split.worlds.map((world) => ({
      left: world.get(left)?.parent,
      right: world.get(right)?.parent,
      badges: [badgeOfA, badgeOfB].filter((id) => world.get(id) !== undefined),
      problems: world.problems.value.filter(({ where }) => where === 'scene'),
    }));
    expect(shown[0]).toEqual(shown[1]);
    // The later of the two edges is cut, and of two with one number the earlier stays.
    expect(shown[0]).toMatchObject({ left: right, right: 'root', badges: [badgeOfA] });
    expect(shown[0]?.problems.map(({ object }) => object).sort()).toEqual([badgeOfB, right].sort());
  });

  it('[FD2] tells whoever lost a race what stands now, and whose it is', () => {
    const { ann, ben } = split;
    const chair = (changes.get(ann) ?? []).filter(({ changed }) => changed.has(CLASHES.chair));
    expect(chair.flatMap(({ authors }) => [...(authors.get(CLASHES.chair) ?? [])])).toContain(ben.userId);
  });
});
