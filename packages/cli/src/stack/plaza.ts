import { readLanePolicy } from '@weft/protocol';
import { createWorld, type Edit, type ObjectId, openWorld, type World } from '@weft/world';
import { FOUNTAIN_POSITION, furnishPlaza } from './demo-world.ts';
import { fountainGlb } from './fountain.ts';
import { matrixRequest } from './matrix-http.ts';
import type { Place } from './place.ts';
import { StackError } from './stack-error.ts';

/** Makes the demo world and resolves when the homeserver holds all of it. About 1 s. */
export async function makePlaza(place: Place, title: string): Promise<string> {
  const world = await createPlaza(place, title);
  try {
    await (await importFountain(world)).durable;
    if (place.visitor !== null) await join(place.homeserver, place.visitor.token, world.room);
    return world.room;
  } finally {
    await world.close();
  }
}

/** The furnished world without its fountain, opened as the builder; the visitor is invited. */
export function createPlaza(place: Place, title: string): Promise<World> {
  const { homeserver, builder, visitor, relay } = place;
  return createWorld({
    login: { homeserver, token: builder.token },
    title,
    access: 'private',
    lanes: ['matrix'],
    ...(relay === null ? {} : { relays: [relay] }),
    ...(visitor === null ? {} : { invite: [visitor.userId] }),
    seed: furnishPlaza,
  });
}

export async function importFountain(world: World): Promise<Edit<ObjectId>> {
  return world.importGlb(await fountainGlb(), { name: 'Fountain', position: FOUNTAIN_POSITION });
}

/** Done here, so that the visitor's first page finds the door open. */
async function join(homeserver: string, token: string, room: string): Promise<void> {
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/join`;
  const { status, body } = await matrixRequest(homeserver, 'POST', path, { token, body: {} });
  if (status === 200) return;
  throw new StackError('account', {
    what: `The visitor could not enter the demo world: ${status} ${JSON.stringify(body).slice(0, 200)}.`,
    hint: 'Open the builder’s link; the visitor can accept the invitation in any Matrix client.',
  });
}

/** Has a world that was made earlier, or while the relay had another address, know the relay of today. */
export async function nameRelay({ homeserver, builder, relay }: Place, room: string): Promise<void> {
  if (relay === null) return;
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/state/world.weft.world`;
  const { body } = await matrixRequest(homeserver, 'GET', path, { token: builder.token });
  if (
    readLanePolicy(body).relays.some(({ url, user_id: user }) => url === relay.url && user === relay.user_id)
  )
    return;
  const login = { homeserver, token: builder.token };
  const world = await openWorld(room, { login, lanes: ['matrix'] });
  try {
    await world.inviteRelay(relay);
  } finally {
    await world.close();
  }
}

/** Whether the builder still has the room. */
export async function isReachable(place: Place, room: string): Promise<boolean> {
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/state/m.room.create`;
  const { status } = await matrixRequest(place.homeserver, 'GET', path, { token: place.builder.token });
  return status === 200;
}
