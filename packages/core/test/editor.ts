import {
  type ActorId,
  composeEdit,
  type EditAccess,
  type EditDraft,
  History,
  isActorId,
  type Patch,
  parseUserId,
  Replica,
  ROLE_LEVELS,
  type Synchronous,
} from '../src/index.ts';

const START_MS = 1_767_225_600_000;

/** A user at a replica, with a clock that the test moves and ids that count up. */
export class Editor {
  readonly replica: Replica;
  readonly history: History;
  access: EditAccess;
  nowMs = START_MS;
  #drawn = 0;

  constructor(name: string, level: number = ROLE_LEVELS.builder) {
    this.access = { userId: parseUserId(`@${name}:test.org`), level };
    this.replica = new Replica({ actor: actorOf(name), now: () => this.nowMs });
    this.history = new History(this.replica);
  }

  compose<T>(fn: (draft: EditDraft) => Synchronous<T>) {
    return composeEdit(this.replica, this.access, (length) => this.#random(length), fn);
  }

  /** Composes and writes, as one step of the history. */
  edit<T>(fn: (draft: EditDraft) => Synchronous<T>, coalesce?: string) {
    this.nowMs += 1;
    const { patch, before, value } = this.compose(fn);
    this.replica.write(patch, 'local');
    this.history.record('edit', patch, before, coalesce);
    return { patch, value };
  }

  undo(): Patch | null {
    return this.#write(this.history.undo(this.access));
  }

  redo(): Patch | null {
    return this.#write(this.history.redo(this.access));
  }

  #write(patch: Patch | null): Patch | null {
    this.nowMs += 1;
    if (patch !== null) this.replica.write(patch, 'undo');
    return patch;
  }

  #random(length: number): Uint8Array {
    this.#drawn += 1;
    const bytes = new Uint8Array(length);
    new DataView(bytes.buffer).setUint32(0, this.#drawn);
    return bytes;
  }
}

function actorOf(name: string): ActorId {
  const actor = `actor-${name}`;
  if (!isActorId(actor)) throw new Error(`${actor} is no actor id`);
  return actor;
}
