import type { PresenceDown } from '@weft/protocol';
import { describe, expect, it } from 'vitest';
import { PRESENCE_TICK_MS, PresencePart } from '../../src/presence/presence-part.ts';
import { PartRoom, type RelayClient } from './part-room.ts';

function roomWithPresence() {
  const parts: PresencePart[] = [];
  const room = new PartRoom((host) => {
    const part = new PresencePart(host);
    parts.push(part);
    return part;
  });
  const [part] = parts;
  if (part === undefined) throw new Error('no part was made');
  return { room, part };
}

function show(room: PartRoom, client: RelayClient, state: PresenceDown['state']): void {
  room.part.receive(client.person, { type: 'presence-up', state });
}

function seen(client: RelayClient): readonly (readonly [number, unknown])[] {
  return client.frames
    .filter((frame) => frame.type === 'presence-down')
    .map(({ session, state }) => [session, state]);
}

describe('presence on a relay', () => {
  it('[DO11] tells the others under the session of the socket, newcomers too, and takes it back', async () => {
    const { room } = roomWithPresence();
    const [ann, bob] = [room.join('ann'), room.join('bob')];
    show(room, ann, { selection: ['Kx81'] });
    await room.timers.advance(PRESENCE_TICK_MS);
    expect(seen(bob)).toEqual([[ann.person.session, { selection: ['Kx81'] }]]);
    expect(seen(ann)).toEqual([]);
    expect(seen(room.join('cid'))).toEqual([[ann.person.session, { selection: ['Kx81'] }]]);
    show(room, ann, null);
    await room.timers.advance(PRESENCE_TICK_MS);
    expect(seen(bob).at(-1)).toEqual([ann.person.session, null]);
    expect(seen(room.join('dan'))).toEqual([]);
  });

  it('[DO11] holds no more states than there are sockets, however many somebody invents', () => {
    const { room, part } = roomWithPresence();
    const clients = ['ann', 'bob', 'eve'].map((name) => room.join(name));
    for (const client of clients) show(room, client, { at: 0 });
    const [, , eve] = clients;
    if (eve === undefined) throw new Error('nobody');
    for (let invented = 0; invented < 1_000_000; invented++) {
      // Whatever the state says of itself, it is the socket's; of sockets that are not here nothing is taken.
      const person = invented % 2 === 0 ? eve.person : { ...eve.person, session: 1000 + invented };
      room.part.receive(person, { type: 'presence-up', state: { session: invented, clientID: invented } });
    }
    expect(part.size).toBe(3);
    for (const client of clients) room.leave(client);
    expect(part.size).toBe(0);
  });

  it('[DO11] tells the latest of many changes 20 times a second', async () => {
    const { room } = roomWithPresence();
    const [ann, bob] = [room.join('ann'), room.join('bob')];
    for (let at = 0; at < 1000; at++) {
      show(room, ann, { at });
      await room.timers.advance(1);
    }
    await room.timers.advance(PRESENCE_TICK_MS);
    expect(seen(bob).length).toBeLessThanOrEqual(21);
    expect(seen(bob).at(-1)).toEqual([ann.person.session, { at: 999 }]);
  });

  it('[DO11] leaves nothing running', async () => {
    const { room, part } = roomWithPresence();
    const ann = room.join('ann');
    show(room, ann, { at: 1 });
    room.part.close();
    expect(room.timers.pending).toBe(0);
    expect(part.size).toBe(0);
  });
});
