import { createWorld, type Edit, type ObjectId, type World } from '@weft/world';
import { FOUNTAIN_POSITION, furnishPlaza } from './demo-world.ts';
import { fountainGlb } from './fountain.ts';
import { matrixRequest } from './matrix-http.ts';
import type { Place } from './place.ts';

/** Makes the demo world and resolves when the homeserver holds all of it. About 1 s. */
export async function makePlaza(place: Place, title: string): Promise<string> {
  const world = await createPlaza(place, title);
  try {
    await (await importFountain(world)).durable;
    return world.room;
  } finally {
    await world.close();
  }
}

/** The furnished world without its fountain, opened as the builder; the visitor is invited. */
export function createPlaza(place: Place, title: string): Promise<World> {
  const { homeserver, builder, visitor } = place;
  return createWorld({
    login: { homeserver, token: builder.token },
    title,
    access: 'private',
    ...(visitor === null ? {} : { invite: [visitor.userId] }),
    seed: furnishPlaza,
  });
}

export async function importFountain(world: World): Promise<Edit<ObjectId>> {
  return world.importGlb(await fountainGlb(), { name: 'Fountain', position: FOUNTAIN_POSITION });
}

/** Whether the builder still has the room. */
export async function isReachable(place: Place, room: string): Promise<boolean> {
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/state/m.room.create`;
  const { status } = await matrixRequest(place.homeserver, 'GET', path, { token: place.builder.token });
  return status === 200;
}
