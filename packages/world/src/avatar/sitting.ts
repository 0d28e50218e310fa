import { type EditDraft, type ObjectId, type SceneObject, type UserId, WeftError } from '@weft/core';
import type { PartPose } from '@weft/protocol';
import type { Edit } from '../edits.ts';
import { seatedPlace, sitterOf } from './seats.ts';

/** This client had sat down, and somebody else’s claim of the seat stands. */
export interface Unseated {
  readonly seat: ObjectId;
  /** Who sits there; `null` where nobody does: the seat is gone, or the edit was refused. */
  readonly by: UserId | null;
}

export interface SittingPorts {
  readonly user: UserId;
  readonly get: (id: ObjectId) => SceneObject | undefined;
  /** Who has an avatar now. */
  readonly present: () => ReadonlySet<UserId>;
  readonly edit: (name: string, fn: (draft: EditDraft) => void) => Edit<void>;
  readonly check: (fn: (draft: EditDraft) => void) => void;
  readonly unseated: (unseated: Unseated) => void;
}

/**
 * Where this client sits: the seat's one register says so to everybody. A relay lets nobody take the seat of who is there; without one the
 * last who wrote it has the seat.
 */
export class Sitting {
  readonly #ports: SittingPorts;
  #seat: ObjectId | null = null;

  constructor(ports: SittingPorts) {
    this.#ports = ports;
  }

  get seat(): ObjectId | null {
    return this.#seat;
  }

  /** Where the body is; `null` where this client does not sit. */
  get place(): PartPose | null {
    const object = this.#seat === null ? undefined : this.#ports.get(this.#seat);
    return object === undefined ? null : seatedPlace(object);
  }

  /** See `Me.sit`. */
  sit(seat: ObjectId): Edit<void> {
    const { user, get, present, edit, check } = this.#ports;
    const object = get(seat);
    if (object?.seat === undefined) throw noSeat(seat, object !== undefined);
    const sitter = sitterOf(object, present());
    if (sitter !== null && sitter !== user) throw taken(seat, sitter);
    const claim = (draft: EditDraft): void => draft.set(seat, { seat: { occupant: user } });
    check(claim);
    // An edit of its own: a seat that was taken a moment before is refused, and the other one is left all the same.
    if (this.#seat !== seat) this.stand();
    const made = edit('sit', claim);
    this.#seat = seat;
    return made;
  }

  /** See `Me.stand`. */
  stand(): Edit<void> | null {
    const seat = this.#seat;
    this.#seat = null;
    if (seat === null || this.#ports.get(seat)?.seat?.occupant !== this.#ports.user) return null;
    return this.#ports.edit('stand', (draft) => draft.set(seat, { seat: { occupant: null } }));
  }

  /** These objects are not what they were. */
  changed(ids: Iterable<ObjectId>): void {
    const seat = this.#seat;
    if (seat === null) return;
    for (const id of ids) {
      if (id !== seat) continue;
      const occupant = this.#ports.get(seat)?.seat?.occupant;
      if (occupant === this.#ports.user) return;
      this.#seat = null;
      const object = this.#ports.get(seat);
      const by = object === undefined ? null : sitterOf(object, this.#ports.present());
      this.#ports.unseated({ seat, by });
      return;
    }
  }
}

function noSeat(id: ObjectId, isThere: boolean): WeftError {
  return new WeftError(isThere ? 'invalid-value' : 'unknown-object', {
    what: `sit on ${id}`,
    expected: 'a visible object with a seat',
    got: isThere ? 'one without' : 'none of that id',
    hint: 'Give it a `seat` component, or choose another one.',
  });
}

function taken(id: ObjectId, by: UserId): WeftError {
  return new WeftError('held', {
    what: `sit on ${id}`,
    expected: 'a free seat',
    got: `one on which ${by} sits`,
    hint: 'Choose another one, or wait.',
  });
}
