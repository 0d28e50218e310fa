import { entriesOf, newActorId, type Patch, patchOf, Replica } from '@weft/core';
import {
  type Homeserver,
  HomeserverError,
  openRoom,
  type RoomReference,
  type RoomSession,
} from '@weft/matrix';
import type { Platform } from '../platform.ts';

/** A room that is open for copying from it or to it. */
export interface OpenRoomCopy {
  readonly session: RoomSession;
  readonly replica: Replica;
}

export interface CopyPorts {
  readonly homeserver: Homeserver;
  readonly platform: Platform;
  readonly signal: AbortSignal | undefined;
}

/** Opens a room; by default this very room, whatever took its place. */
export async function openForCopy(
  { homeserver, platform, signal }: CopyPorts,
  { room, via }: RoomReference,
  asItWas = true,
): Promise<OpenRoomCopy> {
  const { timers, random } = platform;
  const now = () => timers.now() + homeserver.serverOffsetMs();
  const replica = new Replica({ actor: newActorId(random), now });
  const session = await openRoom({
    homeserver,
    room,
    via,
    replica,
    timers,
    random,
    asItWas,
    ...(signal === undefined ? {} : { signal }),
  });
  return { session, replica };
}

/**
 * Writes a patch to a room under the stamps that it has, and resolves when the room holds it. What the room holds already
 * is not written again, so that a copy that was cut short is gone on with.
 *
 * @throws HomeserverError where the room refuses it, `aborted` at the signal
 */
export async function writeAll(
  { session, replica }: OpenRoomCopy,
  patch: Patch,
  signal: AbortSignal | undefined,
): Promise<void> {
  const failed = new AbortController();
  let refusal: Error | null = null;
  const stop = session.on('refused', ({ error }) => {
    refusal = error;
    failed.abort();
  });
  try {
    session.write(patchOf({ registers: entriesOf(patch), actors: patch.actors }), 'import');
    await session.flush({
      signal: AbortSignal.any([failed.signal, ...(signal === undefined ? [] : [signal])]),
    });
  } finally {
    stop();
  }
  if (refusal !== null) throw refusal;
  if (replica.dirty().size === 0) return;
  throw new HomeserverError('aborted', { what: `copy to ${session.room}`, got: 'it was cancelled' });
}

/** @throws HomeserverError `unreachable` where something of it is not there to be copied */
export function assertWhole({ session }: OpenRoomCopy): void {
  const [missing] = session.incomplete;
  if (missing === undefined) return;
  throw new HomeserverError('unreachable', {
    what: `copy ${session.room}`,
    got: `${missing.carrier} points to a file that cannot be had now`,
    hint: 'Try again later; what only that file holds would be lost.',
  });
}
