import {
  type Homeserver,
  HomeserverError,
  isRoomAlias,
  type RoomAlias,
  type RoomId,
  type Timers,
} from '@weft/matrix';
import type { StorePlace } from '@weft/store';
import { recallRoom, rememberRoom } from './account-note.ts';

export interface FoundRoom {
  readonly room: RoomId;
  readonly via: readonly string[];
}

/** How long an alias that this device knows is looked up, before the room of the last time counts. */
const PATIENCE_MS = 3000;

/**
 * The room of an address: what the homeserver says, or what it said the last time where it does not answer.
 *
 * @throws HomeserverError `not-found`; `unreachable` where this device does not know it
 */
export async function findRoom(
  homeserver: Pick<Homeserver, 'resolveAlias'>,
  address: RoomId | RoomAlias,
  place: StorePlace | null,
  timers: Timers,
): Promise<FoundRoom> {
  if (!isRoomAlias(address)) return { room: address, via: [] };
  const known = place === null ? null : await recallRoom(place, address);
  const asked = homeserver.resolveAlias(address);
  try {
    const found = known === null ? await asked : await within(asked, timers);
    if (place !== null && found.room !== known) await rememberRoom(place, address, found.room);
    return found;
  } catch (error) {
    if (known === null || !(error instanceof HomeserverError) || !error.retry) throw error;
    return { room: known, via: [] };
  }
}

async function within<T>(asked: Promise<T>, timers: Timers): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = new HomeserverError('unreachable', { what: 'look up the address', got: 'no answer in time' });
  const cancel = timers.after(PATIENCE_MS, () => reject(late));
  asked.catch(() => undefined);
  return Promise.race([asked, promise]).finally(cancel);
}
