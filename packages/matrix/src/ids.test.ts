import { describe, expect, it } from 'vitest';
import {
  isRoomId,
  mxcParts,
  parseEventId,
  parseMxcUri,
  parseRoomAlias,
  parseRoomId,
  serverOf,
} from './ids.ts';

const HASH = 'ZyorDGp_QWZGH8XVLudWf5MwQeN0ISgQHTMP2ouxLtM';

describe('Matrix ids', () => {
  it.each([`!${HASH}`, '!opaque:example.org', '!a:[2001:db8::1]:8448', '!a:localhost:8008'])(
    'takes the room id %s',
    (id) => expect(parseRoomId(id)).toBe(id),
  );

  it.each([
    '',
    '!',
    `!${HASH}x`,
    `#${HASH}`,
    '!a b:example.org',
    '!a:',
    '!a:exa mple',
    `!${'x'.repeat(255)}:a.org`,
    null,
  ])('refuses the room id %j', (id) => {
    expect(isRoomId(id)).toBe(false);
    expect(() => parseRoomId(id)).toThrow(expect.objectContaining({ code: 'invalid-id' }));
  });

  it('takes ids of 255 bytes and no more', () => {
    const alias = (length: number) => `#${'a'.repeat(length - 6)}:a.org`;
    expect(() => parseRoomAlias(alias(200))).not.toThrow();
    expect(() => parseRoomAlias(alias(256))).toThrow();
  });

  it('takes event ids of every room version', () => {
    for (const id of [`$${HASH}`, '$old:example.org', `$${HASH.replace('_', '/')}`])
      expect(parseEventId(id)).toBe(id);
    expect(() => parseEventId(`${HASH}`)).toThrow();
  });

  it.each([
    'mxc://example.org/../../_matrix/client/v3/account',
    'mxc://example.org/a/b',
    'mxc://example.org/a?x=1',
    'mxc://example.org/',
    'mxc:///abc',
    'mxc://user@example.org/abc',
    'https://example.org/abc',
  ])('refuses the mxc address %s, which would lead elsewhere', (uri) => {
    expect(() => parseMxcUri(uri)).toThrow(expect.objectContaining({ code: 'invalid-id' }));
  });

  it('tells the parts of an mxc address, and the server of an id', () => {
    expect(mxcParts(parseMxcUri('mxc://a.org:8448/Xy-_1'))).toEqual({
      server: 'a.org:8448',
      mediaId: 'Xy-_1',
    });
    expect(serverOf('@a:b.org:8448')).toBe('b.org:8448');
    expect(serverOf(`!${HASH}`)).toBeNull();
  });
});
