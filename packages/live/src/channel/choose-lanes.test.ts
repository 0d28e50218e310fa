import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LaneState } from '../negotiation/lane-table.ts';
import {
  chooseLanes,
  HEAD_START_MS,
  type LaneView,
  MAX_READ,
  MAX_SOUGHT,
  RETURN_MS,
} from './choose-lanes.ts';

const NOW = 1_000_000;

function lane(state: LaneState, changes: Partial<LaneView> = {}): LaneView {
  return { state, sinceMs: NOW, soughtSinceMs: NOW, fellSilent: false, isDraining: false, ...changes };
}

function choose(
  lanes: Record<string, LaneView>,
  own: string | null = null,
  published: readonly string[] = [],
) {
  const order = ['a', 'b', 'c', 'd', 'e'];
  return chooseLanes({
    order,
    published: new Set(published),
    lanes: new Map(Object.entries(lanes)),
    own,
    nowMs: NOW,
  });
}

describe('which relays a client is on', () => {
  test('[LV12] the first of the order, and no other while it may come up', () => {
    expect(choose({})).toEqual({ own: null, wanted: ['a'], reviewAtMs: NOW + HEAD_START_MS });
    expect(choose({ a: lane('live'), b: lane('live') }).own).toBe('a');
    expect(choose({ a: lane('waiting') }).wanted).toEqual(['a']);
  });

  test('[LV12] the next one too once the first took too long, fell silent or is given up; three at once', () => {
    const late = lane('connecting', { soughtSinceMs: NOW - HEAD_START_MS });
    expect(choose({ a: late }).wanted).toEqual(['a', 'b']);
    expect(choose({ a: lane('waiting', { fellSilent: true }) }).wanted).toEqual(['a', 'b']);
    expect(choose({ a: lane('off') }).wanted).toEqual(['b']);
    expect(choose({ a: late, b: late, c: late, d: late }).wanted).toHaveLength(MAX_SOUGHT);
  });

  test('[LV12] another one that is live stays its own until the first has been live for ten seconds', () => {
    const soon = choose({ a: lane('live', { sinceMs: NOW - RETURN_MS + 1 }), b: lane('live') }, 'b');
    expect(soon).toMatchObject({ own: 'b', reviewAtMs: NOW + 1 });
    expect(choose({ a: lane('live', { sinceMs: NOW - RETURN_MS }), b: lane('live') }, 'b').own).toBe('a');
    expect(choose({ a: lane('waiting'), b: lane('live') }, 'b')).toMatchObject({
      own: 'b',
      wanted: ['b', 'a'],
    });
  });

  test('[LV12] a relay that stops is left as soon as another one is live, and not before', () => {
    const stopping = lane('live', { isDraining: true });
    expect(choose({ a: stopping }, 'a')).toMatchObject({ own: 'a', wanted: ['a', 'b'] });
    expect(choose({ a: stopping, b: lane('live') }, 'a').own).toBe('b');
  });

  test('[LV12] up to two that others send to are heard', () => {
    const { own, wanted } = choose({ b: lane('live') }, 'b', ['e', 'b', 'd', 'c']);
    expect(own).toBe('b');
    expect(wanted).toEqual(['b', 'a', 'c', 'd']);
  });

  test('[LV12] one that is not of the order any more is left', () => {
    expect(choose({ z: lane('live') }, 'z')).toMatchObject({ own: null, wanted: ['a'] });
  });

  const view = fc.record({
    state: fc.constantFrom<LaneState>(
      'idle',
      'requesting',
      'connecting',
      'greeting',
      'loading',
      'live',
      'waiting',
      'off',
    ),
    sinceMs: fc.integer({ min: NOW - 20_000, max: NOW + 5_000 }),
    soughtSinceMs: fc.integer({ min: NOW - 20_000, max: NOW + 5_000 }),
    fellSilent: fc.boolean(),
    isDraining: fc.boolean(),
  });

  test('[LV12] whatever the situation: own is live and wanted, lanes are few, and the choice stands until it is due', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const situation = fc.record({
      lanes: fc.dictionary(fc.constantFrom(...names), view),
      published: fc.subarray(names),
      own: fc.option(fc.constantFrom(...names)),
      order: fc.shuffledSubarray(names),
    });
    fc.assert(
      fc.property(situation, ({ lanes, published, own, order }) => {
        const all = {
          order,
          published: new Set(published),
          lanes: new Map(Object.entries(lanes)),
          nowMs: NOW,
        };
        const choice = chooseLanes({ ...all, own });
        if (choice.own !== null) {
          expect(all.lanes.get(choice.own)?.state).toBe('live');
          expect(choice.wanted).toContain(choice.own);
        } else
          expect(
            order.some(
              (relay) => all.lanes.get(relay)?.state === 'live' && !all.lanes.get(relay)?.isDraining,
            ),
          ).toBe(false);
        expect(choice.wanted.length).toBeLessThanOrEqual(1 + MAX_SOUGHT + MAX_READ);
        expect(choice.reviewAtMs === null || choice.reviewAtMs > NOW).toBe(true);
        expect(chooseLanes({ ...all, own: choice.own }).own).toBe(choice.own);
      }),
      { numRuns: 1_000 },
    );
  });
});
