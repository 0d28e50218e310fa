import { describe, expect, it } from 'vitest';
import { parseRoomReference } from './room-reference.ts';

const ROOM = '!ZyorDGp_QWZGH8XVLudWf5MwQeN0ISgQHTMP2ouxLtM';

describe('addresses of worlds', () => {
  it.each([
    [ROOM, ROOM, []],
    ['#plaza:example.org', '#plaza:example.org', []],
    ['matrix:r/plaza:example.org', '#plaza:example.org', []],
    [`matrix:roomid/${ROOM.slice(1)}?via=a.org&via=b.org:8448`, ROOM, ['a.org', 'b.org:8448']],
    [`https://matrix.to/#/${encodeURIComponent(ROOM)}?via=a.org`, ROOM, ['a.org']],
    [`matrix:roomid/${ROOM.slice(1)}/e/abc?via=a.org`, ROOM, ['a.org']],
    [`https://matrix.to/#/${ROOM}/$abc?via=a.org`, ROOM, ['a.org']],
    ['https://matrix.to/#/%23plaza%3Aexample.org', '#plaza:example.org', []],
    [`matrix:roomid/${ROOM.slice(1)}?via=a.org%2Fevil&via=b.org`, ROOM, ['b.org']],
  ] as const)('reads %s', (text, room, via) => {
    expect(parseRoomReference(text)).toEqual({ room, via });
  });

  it('keeps at most ten servers to join through', () => {
    const query = Array.from({ length: 20 }, (_, at) => `via=s${at}.org`).join('&');
    expect(parseRoomReference(`matrix:roomid/${ROOM.slice(1)}?${query}`).via).toHaveLength(10);
  });

  it.each([
    '',
    'plaza',
    'matrix:u/alice:example.org',
    'https://example.org/#/!a',
    '!a',
    `!${'a'.repeat(3000)}`,
  ])('refuses %s', (text) => {
    expect(() => parseRoomReference(text)).toThrow(expect.objectContaining({ code: 'invalid-id' }));
  });
});
