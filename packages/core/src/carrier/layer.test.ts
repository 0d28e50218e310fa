import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentOf, naming, pointerTo } from '../../test/bundles.ts';
import { parseObjectId, parseUserId } from '../index.ts';
import { encodeBlob } from './blob.ts';
import { decodeLayer, encodeLayer } from './layer.ts';
import { LAYER_SLOTS, MAX_CONTENT_BYTES } from './limits.ts';
import { writerKey } from './writer-key.ts';

const ANN = parseUserId('@ann:a.org');
const BOB = parseUserId('@bob:b.org');
const HASH = '0123456789abcdef0123456789abcdef';
const blob = pointerTo(encodeBlob(naming([parseObjectId('lamp')])), 'mxc://a.org/b', 'https://a.org/b');
const covers = new Map([['world.weft.object lamp', '$abc']]);
const content = contentOf(encodeLayer({ blob, hash: HASH, covers }));
const stateKey = writerKey(ANN, 1, LAYER_SLOTS);

describe('a layer', () => {
  test('[A2] decodes to the parts that it was made of', () => {
    expect(decodeLayer({ stateKey, sender: ANN, content })).toMatchObject({
      problems: [],
      blob,
      hash: HASH,
      covers,
    });
  });

  test('[A2] decoding never throws, whatever the content is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.anything()), (hostile) => {
        expect(decodeLayer({ stateKey, sender: ANN, content: hostile }).blob).toBeNull();
      }),
    );
  });

  test('[A3] counts under the key of its sender, which has two slots', () => {
    expect(decodeLayer({ stateKey, sender: BOB, content })).toMatchObject({ blob: null, covers: new Map() });
    expect(decodeLayer({ stateKey, sender: BOB, content: {} }).problems).toEqual([]);
    const third = { stateKey: stateKey.replace(/1$/, '2'), sender: ANN, content };
    expect(decodeLayer(third).problems[0]?.reason).toMatch('from 0 to 1');
    expect(decodeLayer({ stateKey, sender: ANN, content, redactedAtMs: 1 }).blob).toBeNull();
  });

  test('counts without a hash and with a list of what it covers that is none', () => {
    const bare = { ...content, hash: 'x', covers: { a: 5, b: '$e' } };
    expect(decodeLayer({ stateKey, sender: ANN, content: bare })).toMatchObject({
      blob,
      hash: null,
      covers: new Map([['b', '$e']]),
    });
    expect(decodeLayer({ stateKey, sender: ANN, content: { v: 1, blob, covers: 7 } }).covers.size).toBe(0);
    const nowhere = { ...content, blob: { ...blob, sources: [] } };
    expect(decodeLayer({ stateKey, sender: ANN, content: nowhere })).toMatchObject({
      blob: null,
      hash: null,
      covers: new Map(),
    });
  });

  test('[A5] says when it covers too many events for its content', () => {
    const many = (count: number) =>
      encodeLayer({
        blob,
        hash: HASH,
        covers: new Map(Array.from({ length: count }, (_, at) => [`o ${at}`, '$e'])),
      });
    expect(many(10).fits).toBe(true);
    expect(many(10_000)).toMatchObject({ fits: false, beyond: 'bytes' });
    expect(many(10_000).bytes).toBeGreaterThan(MAX_CONTENT_BYTES);
  });
});
