import {
  connectHomeserver,
  createWorldRoom,
  EVENT_LEVEL,
  type Homeserver,
  HomeserverError,
  ROLE_LEVEL,
  type Role,
  type RoomId,
  worldPowerLevels,
} from '@weft/matrix';
import { synapse } from '@weft/testing/synapse';
import { beforeAll, describe, expect, it } from 'vitest';

/** Contents that Synapse checks; anything goes for the others. */
const CONTENT: Readonly<Record<string, { readonly [name: string]: string | readonly string[] }>> = {
  'm.room.encryption': { algorithm: 'm.megolm.v1.aes-sha2' },
  'm.room.history_visibility': { history_visibility: 'shared' },
  'm.room.join_rules': { join_rule: 'invite' },
  'm.room.name': { name: 'Levels' },
  'm.room.topic': { topic: 'Levels' },
  'm.room.server_acl': { allow: ['*'] },
  'm.room.tombstone': { body: 'moved', replacement_room: '!none' },
};

/** What ends a room or cannot be taken back is tried last. */
const LAST = ['m.room.encryption', 'm.room.tombstone'];

describe('power levels on Synapse', () => {
  const people = new Map<Role | 'creator', Homeserver>();
  let room: RoomId;

  beforeAll(async () => {
    const shared = await synapse();
    for (const role of ['creator', 'visitor', 'builder', 'steward', 'owner'] as const) {
      const { homeserver, token } = await shared.account(role);
      people.set(role, await connectHomeserver({ url: homeserver, token }));
    }
    const levels: Record<string, number> = {};
    for (const [role, { userId }] of people) if (role !== 'creator') levels[userId] = ROLE_LEVEL[role];
    const invite = [...people].filter(([role]) => role !== 'creator').map(([, { userId }]) => userId);
    room = await createWorldRoom(personOf('creator'), { title: 'Levels', access: 'private', invite, levels });
    for (const [role, person] of people) if (role !== 'creator') await person.join(room, []);
  });

  const types = Object.keys(EVENT_LEVEL).filter((type) => !LAST.includes(type));
  it.each([...types, ...LAST])('[P1] %s takes exactly the level of its row', async (type) => {
    const verdicts: Partial<Record<Role | 'creator', string>> = {};
    for (const role of ['visitor', 'builder', 'steward', 'owner', 'creator'] as const)
      verdicts[role] = await attempt(personOf(role), type);
    const needed = EVENT_LEVEL[type] ?? Number.NaN;
    const expected = (level: number) => (level >= needed ? 'accepted' : 'forbidden');
    expect(verdicts).toEqual({
      visitor: expected(ROLE_LEVEL.visitor),
      builder: expected(ROLE_LEVEL.builder),
      steward: expected(ROLE_LEVEL.steward),
      owner: expected(ROLE_LEVEL.owner),
      creator: 'accepted',
    });
  });

  async function attempt(person: Homeserver, type: string): Promise<string> {
    if (type === 'm.room.redaction') return verdict(redactOwn(person));
    // Levels themselves are rewritten as they are: an owner may, and nothing changes.
    const levels = type === 'm.room.power_levels' ? await person.readStateEvent(room, type, '') : null;
    const content =
      levels === null ? (CONTENT[type] ?? { by: person.userId }) : JSON.parse(JSON.stringify(levels));
    return verdict(person.sendState(room, { type, stateKey: '', content }));
  }

  async function redactOwn(person: Homeserver): Promise<unknown> {
    const own = { type: 'world.weft.avatar', stateKey: person.userId, content: { name: 'A' } };
    return person.redact(room, await person.sendState(room, own), '');
  }

  async function verdict(request: Promise<unknown>): Promise<string> {
    try {
      await request;
      return 'accepted';
    } catch (error) {
      return error instanceof HomeserverError ? error.code : String(error);
    }
  }

  function personOf(role: Role | 'creator'): Homeserver {
    const person = people.get(role);
    if (person === undefined) throw new Error(role);
    return person;
  }
});

describe('the level table', () => {
  it('[P2] lets visitors write personal state in private worlds only', () => {
    expect(worldPowerLevels('private').events).toMatchObject({
      'world.weft.avatar': 0,
      'world.weft.personal': 0,
    });
    expect(worldPowerLevels('public').events).toMatchObject({
      'world.weft.avatar': 25,
      'world.weft.personal': 25,
    });
  });
});
