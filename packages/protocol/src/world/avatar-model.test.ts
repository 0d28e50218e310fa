import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AvatarModel,
  avatarContent,
  MAX_AVATAR_BYTES,
  MAX_AVATAR_HEIGHT_METRES,
  MAX_AVATAR_MODEL_BYTES,
  MAX_AVATAR_NAME_CHARACTERS,
  MAX_AVATAR_SRC_CHARACTERS,
  MIN_AVATAR_HEIGHT_METRES,
  readAvatarModel,
} from './avatar-model.ts';

const SRC = 'mxc://example.org/abc';
const WHOLE: AvatarModel = {
  src: SRC,
  sha256: 'ab'.repeat(32),
  bytes: 1_000,
  name: 'A cat in boots',
  height: 1.05,
};

describe('which model somebody wears', () => {
  test('[AV13] reads back as it was written, in what Matrix takes', () => {
    expect(avatarContent(WHOLE)).toMatchObject({ src: SRC, height: '~1.05' });
    expect(readAvatarModel(avatarContent(WHOLE))).toEqual(WHOLE);
    const bare = { src: SRC, sha256: null, bytes: null, name: null, height: null };
    expect(avatarContent(bare)).toEqual({ src: SRC });
    expect(readAvatarModel(avatarContent(bare))).toEqual(bare);
    expect(readAvatarModel({ src: SRC, height: 2, more: [1] })?.height).toBe(2);
  });

  test.each([
    ['nothing', {}],
    ['no record', [SRC]],
    ['no address', { src: 7 }],
    ['a page', { src: 'http://example.org/a.glb' }],
    ['a script', { src: 'javascript:alert(1)' }],
    ['bytes of its own', { src: 'data:model/gltf-binary;base64,AA' }],
    ['this machine', { src: 'file:///etc/passwd' }],
    ['an address with a blank', { src: 'https://example.org/a b' }],
    ['one model too large', { src: SRC, bytes: MAX_AVATAR_MODEL_BYTES + 1 }],
  ])('[AV13] is nobody’s where it is %s', (_, content) => {
    expect(readAvatarModel(content)).toBeNull();
  });

  test('[AV13] has bounds, and counts without what lies beyond them', () => {
    const long = (characters: number) => `https://${'a'.repeat(characters - 8)}`;
    expect(readAvatarModel({ src: long(MAX_AVATAR_SRC_CHARACTERS) })).not.toBeNull();
    expect(readAvatarModel({ src: long(MAX_AVATAR_SRC_CHARACTERS + 1) })).toBeNull();
    expect(readAvatarModel({ src: SRC, bytes: MAX_AVATAR_MODEL_BYTES })?.bytes).toBe(MAX_AVATAR_MODEL_BYTES);
    const more = (count: number) => ({ src: SRC, more: 'x'.repeat(count) });
    const room = MAX_AVATAR_BYTES - JSON.stringify(more(0)).length;
    expect([readAvatarModel(more(room)), readAvatarModel(more(room + 1))].map((read) => read?.src)).toEqual([
      SRC,
      undefined,
    ]);
    const nameOf = (name: unknown) => readAvatarModel({ src: SRC, name })?.name;
    expect(nameOf('n'.repeat(MAX_AVATAR_NAME_CHARACTERS))).toHaveLength(MAX_AVATAR_NAME_CHARACTERS);
    expect([nameOf('n'.repeat(MAX_AVATAR_NAME_CHARACTERS + 1)), nameOf(''), nameOf('\0'), nameOf(7)]).toEqual(
      [null, null, null, null],
    );
    const heightOf = (height: unknown) => readAvatarModel({ src: SRC, height })?.height;
    expect([heightOf(`~${MIN_AVATAR_HEIGHT_METRES}`), heightOf(MAX_AVATAR_HEIGHT_METRES)]).toEqual([0.1, 10]);
    expect([heightOf('~0.0999'), heightOf('~10.001'), heightOf('~1e999'), heightOf('tall')]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(readAvatarModel({ src: SRC, sha256: 'AB'.repeat(32), bytes: -1 })).toMatchObject({
      sha256: null,
      bytes: null,
    });
  });

  test('[AV13] whatever it is, reading it throws nothing', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (src, rest) => {
        for (const content of [src, { src: SRC, height: rest, name: src, bytes: rest }]) {
          const model = readAvatarModel(content);
          if (model !== null) expect(readAvatarModel(avatarContent(model))).toEqual(model);
        }
      }),
    );
  });
});
