import {
  actorOfUser,
  type Patch,
  parseObjectId,
  parsePath,
  parseUserId,
  patchOf,
  timeFromMs,
} from '@weft/core';
import { describe, expect, it } from 'vitest';
import { parseEventId } from '../ids.ts';
import { BLANK_AFTER_MS, blankings, type CoveredBundle, type CoveringLayer, MIN_COPIES } from './blanking.ts';

const NOW_MS = 1_800_000_000_000;
const KEY = 'AAAAAAAAAAAAAAAAAAAAAA.3';
const eventId = (letter: string) => parseEventId(`$${letter.repeat(43)}`);
const actor = actorOfUser(parseUserId('@ann:a.org'));

function says(name: string, ms: number, purgeMs: number | null = null): Patch {
  const id = parseObjectId('table');
  const register = { value: name, stamp: { time: timeFromMs(ms), actor } };
  return patchOf({
    registers: [{ id, path: parsePath('node.name'), register }],
    purges: purgeMs === null ? [] : [[id, timeFromMs(purgeMs)]],
  });
}

const bundle: CoveredBundle = { event: eventId('b'), stateKey: KEY, patch: says('Table', 1000) };
const layer: CoveringLayer = {
  event: eventId('l'),
  atMs: NOW_MS - BLANK_AFTER_MS,
  covers: new Map([[`world.weft.bundle ${KEY}`, bundle.event]]),
  patch: says('Table', 1000),
  copies: MIN_COPIES,
};
const blanked = (change: Partial<CoveringLayer>, of: CoveredBundle = bundle) =>
  blankings([{ ...layer, ...change }], [of], NOW_MS).length;

describe('a bundle', () => {
  it('[N6] may be blanked where a layer covers its very event, holds all of it twice, and has stood for a day', () => {
    expect(blankings([layer], [bundle], NOW_MS)).toEqual([
      { type: 'world.weft.bundle', stateKey: KEY, covered: bundle.event, layer: layer.event },
    ]);
  });

  it('[N6] stays where any of that is not so', () => {
    expect(blanked({ atMs: layer.atMs + 1 })).toBe(0);
    expect(blanked({ copies: MIN_COPIES - 1 })).toBe(0);
    expect(blanked({ patch: null })).toBe(0);
    expect(blanked({ covers: new Map() })).toBe(0);
    expect(blanked({}, { ...bundle, event: eventId('c') })).toBe(0);
    expect(blanked({}, { ...bundle, stateKey: 'AAAAAAAAAAAAAAAAAAAAAA.4' })).toBe(0);
  });

  it('[N6] stays where the layer lacks a register, whatever the layer says of itself', () => {
    expect(blanked({ patch: says('Table', 999) })).toBe(0);
    expect(blanked({ patch: says('Other', 1000) })).toBe(0);
    expect(blanked({ patch: says('Zebra', 1000) })).toBe(1);
    expect(blanked({ patch: says('Newer', 1001) })).toBe(1);
    expect(blanked({ patch: patchOf({}) })).toBe(0);
    expect(blanked({ patch: says('Later', 3000, 2000) })).toBe(1);
    expect(blanked({}, { ...bundle, patch: says('Later', 3000, 2000) })).toBe(0);
  });
});
