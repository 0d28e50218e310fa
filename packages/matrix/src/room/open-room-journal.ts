import { type Patch, patchOf, type RandomBytes, type Replica, type UserId } from '@weft/core';
import type { WorldStore } from '@weft/store';
import type { RoomId } from '../ids.ts';
import { type OpenedJournal, openJournal } from '../journal/open-journal.ts';
import { fraction, type Timers } from '../timers.ts';
import { decodeCarrier } from './decode-carrier.ts';

export interface OpenRoomJournalOptions {
  readonly store: WorldStore;
  readonly user: UserId;
  readonly room: RoomId;
  /** The one that the room will be opened into. */
  readonly replica: Replica;
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** Edits of a journal that was damaged: one that is begun anew begins with them. `null` where there are none. */
  readonly saved?: () => Promise<Patch | null>;
}

/**
 * Opens what a device keeps of a room, to be handed to `openRoom` or `RoomSession.attach`. The store stays open;
 * `Journal.close` closes it. Costs the reading of all of it.
 *
 * @throws StoreError where the store fails; what it holds is not changed
 */
export function openRoomJournal(options: OpenRoomJournalOptions): Promise<OpenedJournal> {
  const { store, user, room, replica, timers, random, saved } = options;
  return openJournal({
    store,
    owner: { user, room },
    actor: replica.clock.actor,
    pending: () => claimed(replica.pendingPatch(), replica, user),
    decode: (event) => decodeCarrier(event)?.patch ?? null,
    timers,
    fraction: () => fraction(random),
    ...(saved === undefined ? {} : { saved }),
  });
}

/** An own patch with who wrote it: the next run is another actor, and speaks for this one. */
export function claimed(patch: Patch, { clock }: Pick<Replica, 'clock'>, user: UserId): Patch {
  return { ...patch, actors: patchOf({ actors: [...patch.actors, [clock.actor, [user]]] }).actors };
}
