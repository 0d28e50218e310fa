import { type Contribution, isActorId, timeFromMs } from '@weft/core';
import { propertySettings, SeededRandom } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { contentOf, mergedByYjs, RandomDocument } from '../../test/random-document.ts';
import { readUpdate, writeUpdate } from '../update/write-update.ts';
import { lackingUpdate } from './lacking.ts';
import { documentOf, mergeContributions } from './merge-contributions.ts';

function contribution(slot: number, update: Uint8Array): Contribution {
  const actor = `actor-of-${slot}`;
  if (!isActorId(actor)) throw new Error(`${actor} is no actor id`);
  return { slot, update, stamp: { time: timeFromMs(1_767_225_600_000 + slot), actor } };
}

/** What everybody put in themselves, and what they know to be deleted. */
function ownContributions({ copies }: RandomDocument): readonly Contribution[] {
  return copies.map((doc, slot) => {
    const { structs, deleted } = readUpdate(Y.encodeStateAsUpdate(doc));
    return contribution(
      slot,
      writeUpdate({ structs: structs.filter(({ id }) => id.client === doc.clientID), deleted }),
    );
  });
}

function written(seed: number, people: number, steps: number): RandomDocument {
  const document = new RandomDocument(people, new SeededRandom(seed));
  for (let step = 0; step < steps; step++) document.step();
  return document;
}

const SEEDS = fc.integer({ min: 0, max: 2 ** 31 - 1 });

describe('the merge of a document', () => {
  it('[DO1] of what everybody wrote themselves is the full merge', () => {
    fc.assert(
      fc.property(SEEDS, fc.integer({ min: 1, max: 6 }), fc.nat(80), (seed, people, steps) => {
        const document = written(seed, people, steps);
        const merged = documentOf(ownContributions(document));
        expect(contentOf(merged)).toEqual(contentOf(mergedByYjs(document.copies)));
      }),
      propertySettings(300),
    );
  });

  it('[DO1] is the same in any order of honest contributions, in pieces, and twice', () => {
    fc.assert(
      fc.property(SEEDS, SEEDS, fc.nat(60), (seed, order, steps) => {
        const contributions = ownContributions(written(seed, 4, steps));
        const whole = contentOf(documentOf(contributions));
        const shuffled = new SeededRandom(order).shuffle(contributions);
        expect(contentOf(documentOf(shuffled))).toEqual(whole);
        const doc = documentOf(shuffled.slice(0, 2));
        mergeContributions(doc, contributions, null);
        mergeContributions(doc, contributions, null);
        expect(contentOf(doc)).toEqual(whole);
      }),
      propertySettings(100),
    );
  });

  it('[DO1] lets an equivocator replace what they wrote themselves, and nothing else', () => {
    fc.assert(
      fc.property(SEEDS, fc.integer({ min: 1, max: 40 }), (seed, steps) => {
        const document = written(seed, 3, steps);
        const liar = new Y.Doc();
        liar.clientID = 7;
        liar.getText('text').insert(0, 'honest');
        const twin = new Y.Doc();
        twin.clientID = 7;
        twin.getText('text').insert(0, 'EVIL!!');
        const others = ownContributions(document);
        const lies = [liar, twin].map((doc, at) => contribution(10 + at, Y.encodeStateAsUpdate(doc)));
        // Whatever a replica saw of it on the way, the same registers give the same document.
        const once = documentOf([...others, ...lies]);
        const again = documentOf([...others, ...lies]);
        expect(contentOf(once)).toEqual(contentOf(again));
        expect(lackingUpdate(documentOf(others), once, new Set())).toBeNull();
        expect(once.getText('text').toString()).toContain('honest');
      }),
      propertySettings(60),
    );
  });

  it('[DO1] leaves out what is malformed, says so, and takes the rest', () => {
    const document = written(5, 3, 60);
    const good = ownContributions(document);
    const bad = contribution(9, Uint8Array.of(1, 2, 3));
    const doc = new Y.Doc();
    const problems = mergeContributions(doc, [bad, ...good], null);
    expect(problems.map(({ slot, error }) => [slot, error.code])).toEqual([[9, 'malformed']]);
    expect(contentOf(doc)).toEqual(contentOf(documentOf(good)));
  });

  it('[DO1] shows nothing of what builds on something that is not there, until it comes', () => {
    const first = new Y.Doc();
    first.clientID = 1;
    first.getText('text').insert(0, 'ground');
    const second = new Y.Doc();
    second.clientID = 2;
    Y.applyUpdate(second, Y.encodeStateAsUpdate(first));
    second.getText('text').insert(6, ' floor');
    const { structs, deleted } = readUpdate(Y.encodeStateAsUpdate(second));
    const own = structs.filter(({ id }) => id.client === 2);
    const above = contribution(0, writeUpdate({ structs: own, deleted }));
    const below = contribution(1, Y.encodeStateAsUpdate(first));
    const doc = documentOf([above]);
    expect(doc.getText('text').toString()).toBe('');
    mergeContributions(doc, [above, below], null);
    expect(doc.getText('text').toString()).toBe('ground floor');
  });

  it('[DO1] knows what one document lacks of another, deletions included, and nothing more', () => {
    fc.assert(
      fc.property(SEEDS, fc.nat(80), (seed, steps) => {
        const [one, other] = written(seed, 2, steps).copies;
        if (one === undefined || other === undefined) throw new Error('two copies');
        const lacking = lackingUpdate(one, other, new Set());
        const whole = mergedByYjs([one, other]);
        if (lacking !== null) Y.applyUpdate(other, lacking);
        expect(contentOf(other)).toEqual(contentOf(whole));
        expect(lackingUpdate(one, other, new Set())).toBeNull();
        expect(lackingUpdate(whole, other, new Set())).toBeNull();
      }),
      propertySettings(100),
    );
  });
});
