import { createHash } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patch as anyPatch, BASE_TIME, plainPatch, userId } from '../../test/arbitraries.ts';
import { contentOf, naming, objectIds, personalId, pointerTo } from '../../test/bundles.ts';
import { sealed, section, varint } from '../../test/weft-bytes.ts';
import {
  canonicalJson,
  encodePatch,
  type ObjectId,
  parseObjectId,
  parsePath,
  parseUserId,
  patchOf,
  toBase64Url,
  type UserId,
  utf8Length,
  WeftError,
} from '../index.ts';
import { encodeBlob } from './blob.ts';
import { decodeBundle, encodeBundle, encodeBundlePointer } from './bundle.ts';
import {
  BUNDLE_SLOTS,
  MAX_BUNDLE_INFLATED_BYTES,
  MAX_BUNDLE_OBJECTS,
  MAX_BUNDLE_REGISTERS,
  MAX_CONTENT_BYTES,
} from './limits.ts';
import { writerKey } from './writer-key.ts';

const ANN = parseUserId('@ann:a.org');
const BOB = parseUserId('@bob:b.org');
const LAMP = parseObjectId('lamp');

function bundleOf(content: unknown, sender: UserId = ANN, owner = sender, slot = 0) {
  return { stateKey: writerKey(owner, slot, BUNDLE_SLOTS), content, sender };
}

const refusal = (content: unknown) => {
  const { patch, problems, blob } = decodeBundle(bundleOf(content));
  expect([patch.objects.size, blob]).toEqual([0, null]);
  return problems[0]?.reason ?? 'it was accepted';
};

describe('a bundle', () => {
  test('[A2] decodes to the patch that it was made of', () => {
    fc.assert(
      fc.property(anyPatch, userId, fc.nat({ max: BUNDLE_SLOTS - 1 }), (patch, user, slot) => {
        const encoded = encodeBundle(patch);
        const content = contentOf(encoded);
        expect(utf8Length(canonicalJson(content))).toBe(encoded.bytes);
        const decoded = decodeBundle(bundleOf(content, user, user, slot));
        expect(plainPatch(decoded.patch)).toEqual(plainPatch(patch));
        expect([decoded.problems, decoded.blob]).toEqual([[], null]);
      }),
    );
  });

  test('[A2] decoding never throws, whatever the content is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.anything()), (content) => {
        const { patch, problems } = decodeBundle(bundleOf(content));
        expect(patch.objects.size).toBe(0);
        expect(problems.length > 0 || Object.keys(Object(content)).length === 0).toBe(true);
      }),
    );
    for (const v of [0, 2, '1', null]) expect(refusal({ v, patch: '' })).toMatch('version');
    for (const patch of [null, 5, '', '!', 'AAAA']) expect(refusal({ v: 1, patch })).not.toMatch('accepted');
  });

  test('[A2] a file that was damaged anywhere says nothing', () => {
    const { patch: whole } = contentOf(encodeBundle(naming([LAMP])));
    const text = typeof whole === 'string' ? whole : expect.fail();
    fc.assert(
      fc.property(fc.nat({ max: text.length - 1 }), fc.constantFrom(...'AZaz09-_'), (at, character) => {
        fc.pre(text[at] !== character);
        refusal({ v: 1, patch: text.slice(0, at) + character + text.slice(at + 1) });
      }),
    );
  });

  test('[A3] counts under the key of its sender; from anybody else it says nothing, and emptied neither', () => {
    const content = contentOf(encodeBundle(naming([LAMP])));
    expect(decodeBundle(bundleOf(content, BOB, ANN)).problems[0]?.reason).toMatch('another user');
    expect(decodeBundle(bundleOf(content, BOB, ANN)).patch.objects.size).toBe(0);
    for (const sender of [ANN, BOB])
      expect(decodeBundle(bundleOf({}, sender, ANN))).toMatchObject({ problems: [], blob: null });
    const redacted = { ...bundleOf(content), redactedAtMs: 5 };
    expect(decodeBundle(redacted)).toMatchObject({ problems: [], blob: null, patch: { objects: new Map() } });
    for (const stateKey of ['', 'lamp', `${writerKey(ANN, 0, 1)}0`, null])
      expect(decodeBundle({ stateKey, content, sender: ANN }).problems[0]?.reason).toMatch('state key');
  });

  test('[A4] holds no personal objects: the rest of it counts', () => {
    const own = personalId(ANN, 'hat');
    expect(() => encodeBundle(naming([LAMP, own]))).toThrow(WeftError);
    const smuggled = { v: 1, patch: toBase64Url(encodeBlobUnchecked([LAMP, own])) };
    const { patch, problems } = decodeBundle(bundleOf(smuggled));
    expect([...patch.objects.keys()]).toEqual([LAMP]);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.carrier).toContain(own);
  });

  test('may point to a blob instead', () => {
    const blob = pointerTo(encodeBlob(naming([LAMP])), 'mxc://a.org/b');
    expect(decodeBundle(bundleOf(contentOf(encodeBundlePointer(blob))))).toEqual({
      patch: { objects: new Map(), actors: new Map() },
      problems: [],
      blob,
    });
    expect(refusal({ v: 1, blob: { ...blob, sha256: 'x' } })).toMatch('sha256');
    const some = decodeBundle(bundleOf({ v: 1, blob: { ...blob, sources: [...blob.sources, 'ftp://a'] } }));
    expect([some.blob, some.problems.length]).toEqual([blob, 1]);
  });
});

describe('the bounds of a bundle', () => {
  test('[A5] content of 61,440 bytes is read, one more byte is not, and the writer says so before', () => {
    const bare = utf8Length(
      canonicalJson({ v: 1, patch: contentOf(encodeBundle(naming([LAMP]))).patch ?? '', x: '' }),
    );
    const padded = (bytes: number) => ({
      ...contentOf(encodeBundle(naming([LAMP]))),
      x: 'a'.repeat(bytes - bare),
    });
    expect(decodeBundle(bundleOf(padded(MAX_CONTENT_BYTES))).problems).toEqual([]);
    expect(refusal(padded(MAX_CONTENT_BYTES + 1))).toMatch(`${MAX_CONTENT_BYTES} bytes`);
    const hashOf = (id: ObjectId) => createHash('sha256').update(id).digest('base64url');
    const random = (count: number) => encodeBundle(naming(objectIds(count), hashOf));
    const large = [...Array(40).keys()].map((step) => random(100 + step * 50));
    for (const encoded of large) expect(encoded.fits).toBe(encoded.bytes <= MAX_CONTENT_BYTES);
    expect(new Set(large.map(({ fits }) => fits)).size).toBe(2);
  });

  test('[A5] so many objects and registers are written and read, and one more not', () => {
    const same = (count: number) => encodeBundle(naming(objectIds(count), () => 'same'));
    expect(decodeBundle(bundleOf(contentOf(same(MAX_BUNDLE_OBJECTS)))).patch.objects.size).toBe(
      MAX_BUNDLE_OBJECTS,
    );
    expect(same(MAX_BUNDLE_OBJECTS + 1)).toMatchObject({ fits: false, beyond: 'objects' });
    const tooMany = encodeBlob(naming(objectIds(MAX_BUNDLE_OBJECTS + 1), () => 'same'));
    expect(refusal({ v: 1, patch: toBase64Url(tooMany.file) })).toMatch(`${MAX_BUNDLE_OBJECTS} objects`);
    const wide = (registers: number) => patchOf({ registers: grid(registers) });
    const most = encodeBundle(wide(MAX_BUNDLE_REGISTERS));
    expect(decodeBundle(bundleOf(contentOf(most))).problems).toEqual([]);
    expect(encodeBundle(wide(MAX_BUNDLE_REGISTERS + 1))).toMatchObject({ fits: false, beyond: 'registers' });
    const file = toBase64Url(encodeBlob(wide(MAX_BUNDLE_REGISTERS + 1)).file);
    expect(refusal({ v: 1, patch: file })).toMatch(`${MAX_BUNDLE_REGISTERS} registers`);
  });

  test('[A5] a bomb is left before the section that would inflate past the bound', () => {
    const zeros = [...deflateRawSync(new Uint8Array(64 * 1024))];
    const deflated = (payload: readonly number[]) => [
      ...[2 + 128],
      ...varint(payload.length),
      ...varint(64 * 1024),
      ...payload,
    ];
    const head = section(1, [0, 0, 0, 0, 0, 0, 0, 0]);
    const bombOf = (sections: readonly number[][]) =>
      toBase64Url(sealed(Uint8Array.from([...head, ...sections.flat()])));
    const within = Math.floor((MAX_BUNDLE_INFLATED_BYTES - 8) / (64 * 1024));
    const good = Array.from({ length: within }, () => deflated(zeros));
    // Were the section past the bound inflated, the reader would find it malformed: it is not looked at.
    const rotten = deflated([0xff, 0xff, 0xff]);
    expect(refusal({ v: 1, patch: bombOf([...good, rotten]) })).toMatch(
      `at most ${MAX_BUNDLE_INFLATED_BYTES} bytes of content`,
    );
    expect(refusal({ v: 1, patch: bombOf([rotten]) })).toMatch('raw deflate');
  });

  test('[A5] a patch that inflates to more than the bound is not written', () => {
    const value = 'a'.repeat(4000);
    const patch = naming(objectIds(300), (id) => value + id);
    expect(encodeBundle(patch)).toMatchObject({ fits: false, beyond: 'inflated bytes' });
    expect(refusal({ v: 1, patch: toBase64Url(encodeBlob(patch).file) })).toMatch('bytes of content');
  });
});

function grid(registers: number) {
  const stamp = {
    time: BASE_TIME,
    actor: naming([LAMP]).objects.get(LAMP)?.registers.values().next().value?.stamp.actor ?? expect.fail(),
  };
  const paths = Array.from({ length: 64 }, (_, at) => parsePath(`acme:c.p${at}`));
  return Array.from({ length: registers }, (_, at) => ({
    id: parseObjectId(`o${Math.floor(at / 64)}`),
    path: paths[at % 64] ?? expect.fail(),
    register: { value: true, stamp },
  }));
}

function encodeBlobUnchecked(ids: readonly ObjectId[]): Uint8Array {
  return encodePatch(naming(ids));
}
