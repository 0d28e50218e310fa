import {
  type ActorId,
  entriesOf,
  type ObjectId,
  type Patch,
  parsePath,
  patchOf,
  timeFromMs,
} from '@weft/core';
import { FakeTimers } from '@weft/testing';
import { expect, test } from 'vitest';
import { DISBELIEVED_MS, MAX_DISBELIEVED, RECONSIDER_MS, Sources } from './sources.ts';

const NAME = parsePath('node.name');
const ANN = 'actor-ann' as ActorId;
const SELF = 'actor-self' as ActorId;

function saying(id: string, ms = 1, actor = ANN): Patch {
  return patchOf({
    registers: [
      { id: id as ObjectId, path: NAME, register: { value: id, stamp: { time: timeFromMs(ms), actor } } },
    ],
  });
}

function start(live: Patch = patchOf({})) {
  const timers = new FakeTimers();
  const later: string[] = [];
  const authors = new Set<string>();
  const sources = new Sources({
    timers,
    live: () => live,
    isSelf: (actor) => actor === SELF,
    isOwn: (relay) => relay === 'own',
    isAuthors: (relay) => authors.has(relay),
    takeBack: (relay, { objects }) => later.push(...[...objects.keys()].map((id) => `${relay} ${id}`)),
  });
  const said = (relay: string, patch: Patch, seq: number | null = 1) => sources.said(relay, { seq, patch });
  const believed = (relay: string, patch: Patch) => [...sources.believed(relay, patch).objects.keys()];
  return { timers, later, authors, sources, said, believed };
}

test('[LV16] the only relay is believed whatever it takes back', () => {
  const { said, believed, timers } = start();
  said('a', saying('chair'));
  expect(believed('a', saying('table'))).toEqual(['table']);
  expect(timers.pending).toBe(0);
});

test('[LV16] a relay takes back what it alone said, and nothing that another one said, also before', () => {
  const { said, believed } = start(saying('early'));
  said('a', saying('early'));
  said('b', saying('lamp'));
  said('a', saying('chair'));
  said('b', saying('both'));
  said('a', saying('both'));
  said('a', saying('file'), null);
  expect(['early', 'chair', 'both', 'file', 'nothing'].flatMap((id) => believed('b', saying(id)))).toEqual(
    [],
  );
  // What it said of somebody else, or at another time, is another register.
  expect(believed('b', saying('lamp', 2))).toEqual([]);
  expect(believed('b', saying('lamp'))).toEqual(['lamp']);
  expect(['early', 'chair'].flatMap((id) => believed('a', saying(id)))).toEqual(['early', 'chair']);
  expect(believed('a', saying('both'))).toEqual([]);
});

test('[LV16] an echo of what another relay said lends no word, be that one away', () => {
  const { said, believed, sources } = start();
  said('a', saying('chair'));
  said('b', saying('chair'));
  said('a', saying('lamp'));
  said('b', saying('lamp'));
  expect(believed('b', saying('lamp'))).toEqual([]);
  sources.gone('a');
  expect(believed('b', saying('lamp'))).toEqual(['lamp']);
});

test('[LV16] the relay to which the author sends is believed, be it only later that they say so', async () => {
  const { said, believed, authors, timers, later } = start();
  said('b', saying('lamp'));
  said('a', saying('chair'));
  said('a', saying('table'));
  expect(believed('b', saying('chair'))).toEqual([]);
  expect(believed('b', saying('table'))).toEqual([]);
  await timers.advance(RECONSIDER_MS);
  expect(later).toEqual([]);
  // Said again after it was taken back: the retraction is void.
  said('b', saying('table'));
  authors.add('b');
  await timers.advance(RECONSIDER_MS);
  expect(later).toEqual(['b chair']);
  expect(timers.pending).toBe(0);
});

test('[LV16] what is not believed in a minute is let go', async () => {
  const { said, believed, authors, timers, later } = start();
  said('b', saying('lamp'));
  said('a', saying('chair'));
  believed('b', saying('chair'));
  await timers.advance(DISBELIEVED_MS);
  authors.add('b');
  await timers.advance(DISBELIEVED_MS);
  expect([later, timers.pending]).toEqual([[], 0]);
});

test('[LV16] of more than 16,384 registers that are not believed the oldest are let go', async () => {
  const { said, believed, authors, timers, later } = start();
  said('b', saying('lamp'));
  said('a', saying('chair'));
  const many = Array.from({ length: MAX_DISBELIEVED + 1 }, (_, at) => saying(`object-${at}`));
  for (const each of many) believed('b', each);
  authors.add('b');
  await timers.advance(RECONSIDER_MS);
  expect([later.length, later[0]]).toEqual([MAX_DISBELIEVED, 'b object-1']);
});

test('[LV16] own edits are taken back by the own relay alone', () => {
  const { believed, said } = start();
  said('other', saying('lamp'));
  said('own', saying('lamp'));
  expect(believed('other', saying('chair', 1, SELF))).toEqual([]);
  expect(believed('own', saying('chair', 1, SELF))).toEqual(['chair']);
});

test('[LV16] what a relay lost stays where another one says it', () => {
  const { said, sources } = start();
  said('a', saying('chair'));
  said('b', saying('chair'));
  said('a', saying('lamp'));
  said('b', saying('lamp'));
  said('b', saying('own'));
  const lost = ['lamp', 'own'].flatMap((id) => [...entriesOf(saying(id))]);
  const unsaid = (relay: string) => sources.unsaidBy(new Set([relay]), lost).map(({ id }) => id);
  expect(unsaid('b')).toEqual(['own']);
  expect(unsaid('a')).toEqual(['lamp', 'own']);
});
