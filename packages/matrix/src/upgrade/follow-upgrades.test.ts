import { parseUserId } from '@weft/core';
import { describe, expect, test } from 'vitest';
import { HomeserverError } from '../errors.ts';
import { parseEventId, parseRoomId, type RoomId } from '../ids.ts';
import { worldPowerLevels } from '../power-levels.ts';
import type { RoomEvent } from '../room-event.ts';
import { MAX_UPGRADE_STEPS, newestRoom, type UpgradeSource } from './follow-upgrades.ts';

const ann = parseUserId('@ann:twin.test');
const eve = parseUserId('@eve:evil.test');
const bob = parseUserId('@bob:twin.test');
const roomAt = (n: number): RoomId => parseRoomId(`!${String(n).padStart(43, '0')}`);

interface Room {
  readonly creator?: typeof ann;
  readonly type?: string;
  readonly predecessor?: unknown;
  readonly replacement?: unknown;
  readonly shut?: boolean;
}

/** A homeserver on which room `n` is what the test says. */
function source(roomOf: (n: number) => Room) {
  const joined: number[] = [];
  const left: number[] = [];
  const numberOf = (room: RoomId) => Number(room.slice(1));
  const event = (type: string, sender: typeof ann, content: RoomEvent['content']): RoomEvent => ({
    id: parseEventId(`$${'e'.repeat(43)}`),
    type,
    sender,
    stateKey: '',
    content,
    atMs: 0,
    replaces: null,
    redactedAtMs: null,
    ageMs: null,
  });
  const homeserver: UpgradeSource = {
    userId: bob,
    async readCurrent(room, type) {
      const { creator = ann, type: kind = 'world.weft', predecessor, replacement } = roomOf(numberOf(room));
      if (type === 'm.room.create')
        return event(type, creator, {
          type: kind,
          room_version: '12',
          predecessor: { room_id: predecessor },
        });
      if (type === 'm.room.power_levels') return event(type, creator, { ...worldPowerLevels('private') });
      if (type === 'm.room.tombstone' && replacement !== undefined)
        return event(type, creator, { replacement_room: replacement });
      return null;
    },
    async join(room) {
      if (roomOf(numberOf(room)).shut === true)
        throw new HomeserverError('forbidden', { what: `join ${room}`, got: 'not invited' });
      joined.push(numberOf(room));
    },
    async sendState(room) {
      left.push(numberOf(room));
      return parseEventId(`$${'e'.repeat(43)}`);
    },
  };
  return { homeserver, joined, left };
}

const chain = (length: number) => (n: number) => ({
  ...(n === 0 ? {} : { predecessor: roomAt(n - 1) }),
  ...(n === length ? {} : { replacement: roomAt(n + 1) }),
});
const follow = ({ homeserver }: { homeserver: UpgradeSource }) => newestRoom(homeserver, roomAt(0), [], {});

describe('a chain of replacements', () => {
  test('[Y5] leads to the newest room, over 999 of them', async () => {
    expect(await follow(source(chain(0)))).toBe(roomAt(0));
    expect(await follow(source(chain(3)))).toBe(roomAt(3));
    const long = source(chain(MAX_UPGRADE_STEPS - 1));
    expect(await follow(long)).toBe(roomAt(MAX_UPGRADE_STEPS - 1));
  });

  test('[Y5] ends by name where it is longer, goes in a circle, or does not end', async () => {
    const longer = source(chain(MAX_UPGRADE_STEPS));
    await expect(follow(longer)).rejects.toMatchObject({ code: 'bad-upgrade', by: 'owner' });
    expect(longer.joined.length).toBe(MAX_UPGRADE_STEPS - 1);
    const circle = source((n) => ({ predecessor: roomAt((n + 2) % 3), replacement: roomAt((n + 1) % 3) }));
    await expect(follow(circle)).rejects.toMatchObject({ code: 'bad-upgrade' });
    expect(circle.joined).toEqual([1, 2]);
    const itself = source(() => ({ replacement: roomAt(0) }));
    await expect(follow(itself)).rejects.toMatchObject({ code: 'bad-upgrade' });
    expect(itself.joined).toEqual([]);
  });

  test.each<[string, Room]>([
    ['does not name the one before it', {}],
    ['names another', { predecessor: roomAt(7) }],
    ['names none at all', { predecessor: ['!x'] }],
    ['was made by somebody without the right', { predecessor: roomAt(0), creator: eve }],
    ['is no world', { predecessor: roomAt(0), type: 'm.space' }],
  ])('[Y5] is broken by a room that %s, which is left again', async (_what, next) => {
    const wrong = source((n) => (n === 0 ? { replacement: roomAt(1) } : next));
    await expect(follow(wrong)).rejects.toMatchObject({ code: 'bad-upgrade' });
    expect(wrong).toMatchObject({ joined: [1], left: [1] });
  });

  test('[Y5] goes as far as this user is let in, and takes nothing for a room that is none', async () => {
    const shut = source((n) => ({ ...chain(3)(n), shut: n === 2 }));
    expect(await follow(shut)).toBe(roomAt(1));
    for (const replacement of ['', '!', 17, null, '__proto__', { room: 1 }])
      expect(await follow(source(() => ({ replacement })))).toBe(roomAt(0));
  });
});
