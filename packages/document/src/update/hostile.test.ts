import { cpuMs, propertySettings, SeededRandom } from '@weft/testing';
import fc from 'fast-check';
import {
  createEncoder,
  toUint8Array,
  writeAny,
  writeUint8,
  writeVarString,
  writeVarUint,
} from 'lib0/encoding';
import { describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { quadraticBomb, updateOf } from '../../test/bomb.ts';
import { contentOf, mergedByYjs, RandomDocument } from '../../test/random-document.ts';
import { DocumentError, type DocumentErrorCode } from '../document-error.ts';
import { MAX_DOCUMENT_CLOCK, MAX_MESSAGE_STEPS, MAX_MESSAGE_STRUCTS, MAX_UPDATE_BYTES } from '../limits.ts';
import { integrate } from './integrate.ts';
import { scanUpdate } from './scan-update.ts';

const LIMITS = { maxBytes: MAX_UPDATE_BYTES, maxStructs: MAX_MESSAGE_STRUCTS };
const OPTIONS = { origin: null, maxSteps: MAX_MESSAGE_STEPS };
const MAX_CALL_MS = 20;
const ATTEMPTS = 3;

/** What a relay does with an update; `null` where it is taken. */
function take(doc: Y.Doc, update: Uint8Array): DocumentErrorCode | null {
  try {
    scanUpdate(update, LIMITS);
    integrate(doc, update, OPTIONS);
    return null;
  } catch (error) {
    if (error instanceof DocumentError) return error.code;
    throw error;
  }
}

/** The least time of several: what the machine does meanwhile only ever adds. */
function leastMs(run: () => void): number {
  return Math.min(...Array.from({ length: ATTEMPTS }, () => msOf(run)));
}

function msOf(run: () => void): number {
  const before = cpuMs();
  run();
  return cpuMs() - before;
}

function scanned(update: Uint8Array): DocumentErrorCode | null {
  try {
    scanUpdate(update, LIMITS);
    return null;
  } catch (error) {
    if (error instanceof DocumentError) return error.code;
    throw error;
  }
}

function sampleDocument(): Y.Doc {
  const document = new RandomDocument(3, new SeededRandom('sample'));
  for (let step = 0; step < 150; step++) document.step();
  return mergedByYjs(document.copies);
}

/** One struct of client 5 with this content. */
function withContent(
  write: (encoder: ReturnType<typeof createEncoder>) => unknown,
  info: number,
): Uint8Array {
  return updateOf(5, [
    (encoder) => {
      writeUint8(encoder, info);
      writeVarUint(encoder, 1);
      writeVarString(encoder, 'text');
      write(encoder);
    },
  ]);
}

describe('an update from a stranger', () => {
  it('[DO5] is taken as Yjs takes it, where it is sound', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(120), (seed, steps) => {
        const document = new RandomDocument(4, new SeededRandom(seed));
        for (let step = 0; step < steps; step++) document.step();
        const doc = new Y.Doc();
        for (const copy of document.copies) {
          const update = Y.encodeStateAsUpdate(copy);
          scanUpdate(update, { ...LIMITS, maxStructs: 10_000 });
          expect(integrate(doc, update, { ...OPTIONS, maxSteps: 1e6 }).isComplete).toBe(true);
        }
        expect(contentOf(doc)).toEqual(contentOf(mergedByYjs(document.copies)));
        expect(doc.store.pendingStructs).toBeNull();
      }),
      propertySettings(150),
    );
  });

  it('[DO5] mutated 60,000 times takes no call over 20 ms, and changes nothing where it is refused', () => {
    const random = new SeededRandom('mutants');
    const sound = Y.encodeStateAsUpdate(sampleDocument());
    const counts = { taken: 0, refused: 0, wrong: 0 };
    let doc = new Y.Doc();
    let worst: { ms: number; update: Uint8Array } = { ms: 0, update: sound };
    for (let run = 0; run < 60_000; run++) {
      const mutant = sound.slice(0, random.below(20) === 0 ? random.below(sound.length) : sound.length);
      for (let change = random.below(4); change >= 0; change--)
        mutant[random.below(mutant.length)] = random.below(256);
      if (run % 50 === 0) doc = new Y.Doc();
      const before = String(Y.encodeStateVector(doc));
      const startMs = performance.now();
      const code = take(doc, mutant);
      const ms = performance.now() - startMs;
      if (ms > worst.ms) worst = { ms, update: mutant };
      counts[code === null ? 'taken' : 'refused'] += 1;
      const isChanged = code !== null && String(Y.encodeStateVector(doc)) !== before;
      const isKept = doc.store.pendingStructs !== null || doc.store.pendingDs !== null;
      if (isChanged || isKept || code === 'broken') counts.wrong += 1;
    }
    expect(counts.wrong).toBe(0);
    expect(counts.taken).toBeGreaterThan(1000);
    expect(counts.refused).toBeGreaterThan(10_000);
    expect(leastMs(() => void take(new Y.Doc(), worst.update))).toBeLessThan(MAX_CALL_MS);
  }, 120_000);

  it('[DO5] that would take seconds to place is cut off within 20 ms', () => {
    const bomb = quadraticBomb(5, 1000, 1000);
    expect(scanned(bomb)).toBeNull();
    let doc = new Y.Doc();
    const ms = leastMs(() => {
      doc = new Y.Doc();
      expect(take(doc, bomb)).toBe('costly');
    });
    expect(ms).toBeLessThan(MAX_CALL_MS);
    // What is left is a document like any other.
    expect(Y.getState(doc.store, 5)).toBeGreaterThan(1000);
    expect(contentOf(mergedByYjs([doc]))).toEqual(contentOf(doc));
  });

  it('[DO5] is refused for more structs than a message may have, in the time that these take', () => {
    expect(scanned(quadraticBomb(5, MAX_MESSAGE_STRUCTS, 0))).toBeNull();
    expect(scanned(quadraticBomb(5, MAX_MESSAGE_STRUCTS, 1))).toBe('limit');
  });

  it('[DO5] is refused for what it declares and does not hold', () => {
    const declared = (...numbers: number[]) => {
      const encoder = createEncoder();
      for (const number of numbers) writeVarUint(encoder, number);
      return toUint8Array(encoder);
    };
    for (const many of [10 ** 7, 10 ** 8, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
      for (const update of [declared(many), declared(1, many, 5, 0), declared(0, 1, 5, many)]) {
        expect(leastMs(() => expect(scanned(update)).toBe('malformed'))).toBeLessThan(MAX_CALL_MS);
      }
    }
    expect(scanned(new Uint8Array(MAX_UPDATE_BYTES + 1))).toBe('limit');
  });

  it('[DO5] in the second encoding is none', () => {
    const update = Y.encodeStateAsUpdateV2(sampleDocument());
    expect(scanned(update)).toBe('malformed');
    expect(scanned(Uint8Array.of(0, 0))).toBeNull();
  });

  it('[DO5] holds no documents, no gaps, no empty structs, no clock past what anybody types', () => {
    const gone = (length: number) => updateOf(5, [(e) => [writeUint8(e, 0), writeVarUint(e, length)]]);
    expect(scanned(gone(1))).toBeNull();
    expect(scanned(gone(MAX_DOCUMENT_CLOCK))).toBeNull();
    expect(scanned(gone(0))).toBe('malformed');
    expect(scanned(gone(MAX_DOCUMENT_CLOCK + 1))).toBe('malformed');
    expect(scanned(updateOf(5, [(e) => [writeUint8(e, 10), writeVarUint(e, 1)]]))).toBe('malformed');
    expect(scanned(withContent((e) => writeVarString(e, ''), 4))).toBe('malformed');
    expect(scanned(withContent((e) => [writeVarString(e, 'guid'), writeAny(e, {})], 9))).toBe('malformed');
    expect(scanned(withContent((e) => writeVarUint(e, 7), 7))).toBe('malformed');
  });

  it('[DO5] reaches no prototype and nests no deeper than 32 levels', () => {
    const nested = (depth: number): Parameters<typeof writeAny>[1] => {
      let value: Parameters<typeof writeAny>[1] = [];
      for (let level = 1; level < depth; level++) value = [value];
      return value;
    };
    const any = (value: Parameters<typeof writeAny>[1]) =>
      withContent((e) => [writeVarUint(e, 1), writeAny(e, value)], 8);
    const embed = (text: string) => withContent((e) => writeVarString(e, text), 5);
    expect(scanned(any(nested(32)))).toBeNull();
    expect(scanned(any(nested(33)))).toBe('limit');
    expect(scanned(embed(JSON.stringify(nested(32))))).toBeNull();
    expect(scanned(embed(JSON.stringify(nested(33))))).toBe('limit');
    expect(scanned(embed('['.repeat(50_000)))).toBe('malformed');
    expect(scanned(any(JSON.parse('{"__proto__": {"x": 1}}')))).toBe('malformed');
    expect(scanned(embed('{"a": {"__proto__": {"x": 1}}}'))).toBe('malformed');
    expect(scanned(withContent((e) => [writeVarString(e, '__proto__'), writeVarString(e, 'true')], 6))).toBe(
      'malformed',
    );
  });

  it('[DO5] names each client once, and deletes nothing twice', () => {
    const doc = new Y.Doc();
    doc.clientID = 5;
    doc.getText('text').insert(0, 'abc');
    const numbers = (...rest: number[]) => {
      const encoder = createEncoder();
      for (const number of rest) writeVarUint(encoder, number);
      return toUint8Array(encoder);
    };
    expect(scanned(numbers(0, 1, 5, 2, 0, 1, 1, 1))).toBeNull();
    expect(scanned(numbers(0, 1, 5, 2, 0, 2, 1, 1))).toBe('malformed');
    expect(scanned(numbers(0, 2, 5, 1, 0, 1, 5, 1, 1, 1))).toBe('malformed');
    expect(scanned(numbers(0, 1, 5, 1, 0, 1, 9))).toBe('malformed');
    expect(take(doc, numbers(0, 1, 5, 1, 1, 1))).toBeNull();
    expect(doc.getText('text').toString()).toBe('ac');
  });
});
