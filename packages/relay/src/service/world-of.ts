import type { ServiceCall } from '../server/service-handler.ts';
import { notInside } from './edit-route.ts';
import type { FindWorld, ServedWorld } from './served-world.ts';

/**
 * The world that a request names, where its token is good for it. Another world looks like one that is not there.
 *
 * @throws HttpError 403 `forbidden`
 */
export function worldOf(find: FindWorld, { session }: ServiceCall, room: string): ServedWorld {
  const served = decoded(room) === session.room ? find(session.room) : null;
  if (served === null || served.world.access(session.user) === null) throw notInside();
  return served;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
