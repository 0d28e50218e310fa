import type { ObjectId } from '@weft/core';
import type { MoverHandle, PartSet, Session } from '@weft/protocol';
import { Mover } from './mover.ts';

/** The movers of a room. A handle is given once in a run. */
export class Movers {
  readonly #byHandle = new Map<MoverHandle, Mover>();
  readonly #avatars = new Map<Session, Mover>();
  readonly #objects = new Map<ObjectId, Mover>();
  readonly #freeSlots: number[] = [];
  #slots = 0;
  #last = 0;

  get size(): number {
    return this.#byHandle.size;
  }

  all(): Iterable<Mover> {
    return this.#byHandle.values();
  }

  of(handle: MoverHandle): Mover | undefined {
    return this.#byHandle.get(handle);
  }

  avatarOf(session: Session): Mover | undefined {
    return this.#avatars.get(session);
  }

  carrying(object: ObjectId): Mover | undefined {
    return this.#objects.get(object);
  }

  avatars(): Iterable<Mover> {
    return this.#avatars.values();
  }

  ofSession(session: Session): Mover[] {
    return [...this.all()].filter((mover) => mover.session === session);
  }

  /** One more; that of the same avatar or object has to be gone. */
  add(session: Session, object: ObjectId | null, parts: PartSet): Mover {
    this.#last += 1;
    const slot = this.#freeSlots.pop() ?? this.#slots++;
    const mover = new Mover({ handle: this.#last, slot, session, object, parts });
    this.#byHandle.set(mover.handle, mover);
    if (object === null) this.#avatars.set(session, mover);
    else this.#objects.set(object, mover);
    return mover;
  }

  remove(mover: Mover): void {
    const { handle, slot, session, object } = mover;
    if (!this.#byHandle.delete(handle)) return;
    mover.isGone = true;
    this.#freeSlots.push(slot);
    if (object === null) this.#avatars.delete(session);
    else this.#objects.delete(object);
  }
}
