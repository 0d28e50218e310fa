import { describe, expect, test } from 'vitest';
import { DISCOVERY_TABLE } from './discovery-table.ts';
import { LANE_TABLE } from './lane-table.ts';
import type { Table } from './outcome.ts';

/** Events by which only a wait ends, or by which somebody asks again: whatever follows them is no loop by itself. */
const FROM_OUTSIDE = new Set(['start', 'elapsed', 'wake']);

const tables: readonly [string, Table<string, string>, readonly string[]][] = [
  ['a lane', LANE_TABLE, ['waiting', 'off']],
  ['discovery', DISCOVERY_TABLE, ['waiting', 'off', 'known']],
];

function arrows(table: Table<string, string>) {
  return Object.entries(table).flatMap(([from, row]) =>
    Object.entries(row).flatMap(([event, outcome]) =>
      outcome === 'ignore' ? [] : [{ from, event, to: outcome.to, pause: outcome.pause }],
    ),
  );
}

function reachable(table: Table<string, string>, start: string, follow: (event: string) => boolean) {
  const seen = new Set<string>();
  const open = [start];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    for (const { from, event, to } of arrows(table)) {
      if (from !== state || !follow(event) || seen.has(to)) continue;
      seen.add(to);
      open.push(to);
    }
  }
  return seen;
}

describe.each(tables)('the table of %s', (_, table, resting) => {
  const states = Object.keys(table);

  test('[LV1] is total: the same events in every state, each with an outcome in the table', () => {
    const events = Object.keys(table.idle ?? {}).sort();
    expect(events.length).toBeGreaterThan(7);
    for (const state of states) expect(Object.keys(table[state] ?? {}).sort()).toEqual(events);
    for (const { to } of arrows(table)) expect(states).toContain(to);
  });

  test('[LV1] reaches every state from the first, and `off` from every state', () => {
    expect([...reachable(table, 'idle', () => true), 'idle'].sort()).toEqual([...states].sort());
    for (const state of states) {
      if (state !== 'off') expect(reachable(table, state, (event) => event === 'stop')).toContain('off');
    }
  });

  test('[LV1] leads out of every state, and on to the goal', () => {
    const goal = states.includes('live') ? 'live' : 'known';
    for (const state of states) {
      expect(arrows(table).some(({ from, to }) => from === state && to !== state)).toBe(true);
      expect(reachable(table, state, () => true)).toContain(goal);
    }
  });

  test('[LV1] loops nowhere without a wait', () => {
    for (const state of states) {
      const byItself = reachable(table, state, (event) => !FROM_OUTSIDE.has(event));
      expect(byItself, `${state} comes back to itself`).not.toContain(state);
    }
    // What events from outside lead out of is a state that waits.
    for (const { from, event, to } of arrows(table)) {
      if (FROM_OUTSIDE.has(event)) expect([...resting, 'idle'], `${from} -${event}-> ${to}`).toContain(from);
    }
  });

  test('[LV1] says how long to wait wherever it waits, and nowhere else', () => {
    for (const { from, event, to, pause } of arrows(table)) {
      const waits = to === 'waiting' || to === 'known';
      expect(pause !== undefined, `${from} -${event}-> ${to}`).toBe(waits);
    }
  });
});

test('[LV1] what is final is final by the table: a kick, and another client under the same actor', () => {
  for (const state of ['requesting', 'connecting', 'greeting', 'loading', 'live'] as const)
    expect(LANE_TABLE[state].forbidden).toEqual({ to: 'off' });
  expect(LANE_TABLE.live.replaced).toEqual({ to: 'off' });
  expect(LANE_TABLE.greeting.replaced).toEqual({ to: 'waiting', pause: 'back-off' });
});
