import { FakeTimers } from '@weft/testing';
import { describe, expect, it } from 'vitest';
import { type Invitation, MAX_INVITATIONS } from '../lobby.ts';
import { lobbySync } from './lobby-sync.ts';

const ME = '@relay:a.org';
const OWNER = '@owner:a.org';

function roomId(at: number): string {
  return `!${String(at).padStart(43, 'A')}`;
}

function invite(membership = 'invite', user = ME, sender: unknown = OWNER): object {
  const events = [
    { type: 'm.room.create', state_key: '', sender: OWNER, content: { type: 'world.weft' } },
    { type: 'm.room.member', state_key: user, sender, content: { membership } },
  ];
  return { invite_state: { events } };
}

async function invitationsOf(invited: unknown): Promise<Invitation[]> {
  const told: Invitation[] = [];
  let isFirst = true;
  const loop = lobbySync({
    user: ME,
    timers: new FakeTimers(),
    fraction: () => 0,
    mail: () => undefined,
    listener: { invited: (invitation) => told.push(invitation), connection: () => undefined },
    request: async () => {
      if (!isFirst) return new Promise(() => undefined);
      isFirst = false;
      return { next_batch: 't', rooms: { invite: invited } };
    },
  });
  await loop.start();
  loop.stop();
  return told;
}

describe('the sync of the lobby', () => {
  it('reads who invited to what', async () => {
    expect(await invitationsOf({ [roomId(1)]: invite() })).toEqual([
      { room: roomId(1), by: OWNER, isWorld: true },
    ]);
  });

  it('passes over what is no invitation of this user', async () => {
    const others = { a: invite(), [roomId(1)]: invite('join'), [roomId(2)]: invite('invite', OWNER) };
    expect(await invitationsOf({ ...others, [roomId(3)]: invite('invite', ME, 7), [roomId(4)]: 7 })).toEqual(
      [],
    );
    for (const invited of [undefined, null, [], 'x']) expect(await invitationsOf(invited)).toEqual([]);
  });

  it('looks at as many as the bound says', async () => {
    const many = Array.from({ length: MAX_INVITATIONS + 1 }, (_, at) => [roomId(at), invite()] as const);
    expect(await invitationsOf(Object.fromEntries(many.slice(1)))).toHaveLength(MAX_INVITATIONS);
    expect(await invitationsOf(Object.fromEntries(many))).toHaveLength(MAX_INVITATIONS);
  });
});
