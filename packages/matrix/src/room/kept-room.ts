import type { ChangeSet, ObjectId, Patch, Replica, Time, UserId } from '@weft/core';
import type { Journal } from '../journal/journal.ts';
import { NO_UPDATE } from '../journal/journal-batch.ts';
import type { JournalContents } from '../journal/journal-contents.ts';
import type { RoomEvent } from '../room-event.ts';
import { decodeCarrier } from './decode-carrier.ts';
import { type JournalPlace, patchesOf, purgesStillSaid, wholeJournalUpdate } from './journal-update.ts';
import { claimed } from './open-room-journal.ts';
import { tellsOfRights } from './policy-history.ts';
import type { RoomModel } from './room-model.ts';

export interface KeptRoomPorts {
  readonly model: RoomModel;
  readonly replica: Replica;
  readonly user: UserId;
  /** Whether edits would survive the end of this process may have changed. */
  readonly changed: (journal: Journal) => void;
}

/** What this device keeps of a room, and sees to it that it keeps what this client writes. */
export class KeptRoom {
  readonly #ports: KeptRoomPorts;
  #journal: Journal | null = null;
  /** What may be read already, though nothing goes there yet. */
  #source: Journal | null = null;
  #removals = 0;

  constructor(ports: KeptRoomPorts) {
    this.#ports = ports;
  }

  get journal(): Journal | null {
    return this.#journal;
  }

  async readBlob(sha256: string): Promise<Uint8Array | null> {
    return (await this.#source?.readBlob(sha256)) ?? null;
  }

  keepBlob(sha256: string, file: Uint8Array): void {
    this.#journal?.keepBlob(sha256, file);
  }

  /** From now on its blobs are at hand. */
  read(journal: Journal): void {
    this.#source = journal;
  }

  /** Own edits of earlier runs become pending again, under a clock that stays ahead of them. */
  resume({ head, pending }: JournalContents): ChangeSet {
    const { replica } = this.#ports;
    if (head.clock !== null) replica.clock.observe(head.clock);
    return replica.resume(pending, head.actors);
  }

  /**
   * @param place what is known of the room goes into the journal, up to here; `null` where nothing is known but from there
   * @param isState whether what the journal calls the state is the state that is known; else the room held it once
   */
  begin(journal: Journal, place: JournalPlace | null, isState: boolean): void {
    const { model, replica, changed } = this.#ports;
    this.#journal = journal;
    journal.onChange(() => changed(journal));
    const { contents } = journal;
    if (place !== null)
      void journal.keepUpdate(wholeJournalUpdate(model, replica, contents?.state ?? [], place));
    else if (contents !== null) this.#keepPast(journal, contents, isState ? [] : contents.state);
    journal.pendingChanged();
    changed(journal);
  }

  /** An edit was made. */
  edited(patch: Patch): void {
    const { replica, user } = this.#ports;
    this.#journal?.keepEdit(claimed(patch, replica, user));
  }

  /** @param once of a state that is not known any more: a later one takes no place in it */
  #keepPast(journal: Journal, { past, floor, remains }: JournalContents, once: readonly RoomEvent[]): void {
    // A purge that was ahead of time when the journal was written may count by now.
    const purged = purgesStillSaid(this.#ports.replica, [...past, ...once], [floor, ...patchesOf(remains)]);
    if (purged.size + once.length === 0) return;
    void journal.keepUpdate({
      ...NO_UPDATE,
      gone: once.map(({ type, stateKey }) => [type, stateKey ?? ''] as const),
      past: once.filter((event) => tellsOfRights(event) || decodeCarrier(event) !== null),
      purged,
    });
  }

  /** These were purged by what no step of the room brought: what was written of them has to leave the device. */
  purged(purged: ReadonlyMap<ObjectId, Time>): void {
    if (purged.size > 0) void this.#journal?.keepUpdate({ ...NO_UPDATE, purged });
  }

  /** What left `pending` has to leave the journal too, or it would be written again one day. */
  settled(): void {
    const { pendingRemovals } = this.#ports.replica;
    if (pendingRemovals !== this.#removals) this.#journal?.pendingChanged();
    this.#removals = pendingRemovals;
  }
}
