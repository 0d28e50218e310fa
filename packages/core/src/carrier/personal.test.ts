import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainPatch } from '../../test/arbitraries.ts';
import { contentOf, naming, personalId, pointerTo } from '../../test/bundles.ts';
import { encodePatch, parseObjectId, parseUserId, toBase64Url, WeftError } from '../index.ts';
import { encodeBlob } from './blob.ts';
import { encodeBundlePointer } from './bundle.ts';
import { decodePersonal, encodePersonal } from './personal.ts';

const ANN = parseUserId('@ann:a.org');
const BOB = parseUserId('@bob:b.org');
const HAT = personalId(ANN, 'hat');
const LAMP = parseObjectId('lamp');
const hats = naming([HAT, personalId(ANN, 'cane')]);
const content = contentOf(encodePersonal(hats, ANN));

describe('a personal event', () => {
  test('[A2] decodes to the patch that it was made of', () => {
    const decoded = decodePersonal({ stateKey: ANN, sender: ANN, content });
    expect(plainPatch(decoded.patch)).toEqual(plainPatch(hats));
    expect([decoded.problems, decoded.blob]).toEqual([[], null]);
  });

  test('[A2] decoding never throws, whatever the content is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.anything()), fc.anything(), (hostile, stateKey) => {
        const decoded = decodePersonal({ stateKey, sender: ANN, content: hostile });
        expect(decoded.patch.objects.size).toBe(0);
      }),
    );
  });

  test('[A3] counts where its state key is its sender', () => {
    for (const stateKey of [BOB, '', `${ANN} `, null]) {
      const { patch, problems } = decodePersonal({ stateKey, sender: ANN, content });
      expect([patch.objects.size, problems.length]).toEqual([0, 1]);
    }
    expect(decodePersonal({ stateKey: ANN, sender: BOB, content: {} }).problems).toEqual([]);
    const redacted = decodePersonal({ stateKey: ANN, sender: ANN, content, redactedAtMs: 1 });
    expect([redacted.patch.objects.size, redacted.problems]).toEqual([0, []]);
  });

  test("[A4] holds its sender's personal objects and no others", () => {
    for (const id of [LAMP, personalId(BOB, 'hat')]) {
      expect(() => encodePersonal(naming([HAT, id]), ANN)).toThrow(WeftError);
      const smuggled = { v: 1, patch: toBase64Url(encodePatch(naming([HAT, id]))) };
      const { patch, problems } = decodePersonal({ stateKey: ANN, sender: ANN, content: smuggled });
      expect([...patch.objects.keys()]).toEqual([HAT]);
      expect(problems[0]?.carrier).toContain(id);
    }
  });

  test('points to no blob', () => {
    const blob = pointerTo(encodeBlob(naming([LAMP])), 'mxc://a.org/b');
    const pointing = contentOf(encodeBundlePointer(blob));
    const { problems, blob: read } = decodePersonal({ stateKey: ANN, sender: ANN, content: pointing });
    expect([problems.length, read]).toEqual([1, null]);
  });
});
