import { expect, test } from 'vitest';
import { PEER_TABLE, type PeerHappening, type PeerState } from './peer-table.ts';

const STATES: readonly PeerState[] = ['idle', 'resting', 'announcing', 'alone', 'live', 'crowded', 'off'];
const HAPPENINGS: readonly PeerHappening[] = [
  'start',
  'unrelayed',
  'relayed',
  'announced',
  'company',
  'crowd',
  'deserted',
  'stop',
];

function after(state: PeerState, ...happenings: readonly PeerHappening[]): PeerState {
  return happenings.reduce((at, happening) => {
    const outcome = PEER_TABLE[at][happening];
    return outcome === 'ignore' ? at : outcome.to;
  }, state);
}

test('[PL1] the table of peers is total, and each state is reached and left', () => {
  expect(Object.keys(PEER_TABLE).sort()).toEqual([...STATES].sort());
  const reached = new Set<PeerState>(['idle']);
  for (const state of reached) for (const happening of HAPPENINGS) reached.add(after(state, happening));
  expect([...reached].sort()).toEqual([...STATES].sort());
  for (const state of STATES) {
    expect(Object.keys(PEER_TABLE[state]).sort()).toEqual([...HAPPENINGS].sort());
    expect(HAPPENINGS.some((happening) => after(state, happening) !== state)).toBe(true);
    expect(after(state, 'stop')).toBe('off');
  }
});

test('[PL1] a relay comes before peers, from wherever', () => {
  for (const state of ['resting', 'announcing', 'alone', 'live', 'crowded'] as const)
    expect(after(state, 'relayed')).toBe('resting');
});

test('[PL1] without a relay it goes on among peers once the room knows of this client, and back alone', () => {
  expect(after('idle', 'start', 'unrelayed')).toBe('announcing');
  expect(after('announcing', 'company')).toBe('announcing');
  expect(after('announcing', 'announced')).toBe('alone');
  expect(after('alone', 'company')).toBe('live');
  expect(after('live', 'crowd')).toBe('crowded');
  expect(after('crowded', 'company')).toBe('live');
  expect(after('live', 'deserted')).toBe('alone');
});
