import {
  compareStamps,
  isSameRegister,
  type ObjectId,
  type ObjectRegisters,
  type Patch,
  type Path,
  type Register,
  type Settled,
  WeftError,
} from '@weft/core';

/** One change that was made: at once on this client, later in the room. */
export interface Edit<T> {
  /** As the author named it; also what undo calls it. */
  readonly name: string;
  /** What the edit's function returned. */
  readonly value: T;
  /** The objects it touched. */
  readonly ids: readonly ObjectId[];
  /**
   * Resolves once this device holds the edit, so that it survives the end of this program; waits while the device has no
   * room. Rejects with `WeftError` `not-kept` where the world is not kept on this device, and with `StoreError` where it
   * was closed, or the device gave up, before. It says nothing of the room. May be ignored.
   */
  readonly kept: Promise<void>;
  /**
   * Resolves once a relay's journal holds every register of the edit, or a later one of this client: others see it, and it
   * outlives this client and the relay's own death. Also once the edit is durable, and rejects as `durable` does, so that
   * it ends without a relay too. May be ignored.
   */
  readonly held: Promise<void>;
  /**
   * Resolves once the room's state holds every register of the edit, or a later one of this client. Rejects with
   * `HomeserverError` where the room refuses it, with `WeftError` `superseded` where somebody's newer value won
   * before, and with `WeftError` `closed` where the world was closed before. May be ignored.
   */
  readonly durable: Promise<void>;
}

interface OpenEdit {
  readonly name: string;
  /** What the room's state does not hold yet. */
  readonly open: Map<ObjectId, Map<Path, Register>>;
  /** What no relay is known to hold. */
  readonly unheld: Map<ObjectId, Map<Path, Register>>;
  readonly durable: PromiseWithResolvers<void>;
  readonly held: PromiseWithResolvers<void>;
}

/** Whether the room is still to get something of a path. */
export type IsDirty = (id: ObjectId, path: Path) => boolean;

/** How far an edit got. */
export type Progress = Pick<Edit<void>, 'held' | 'durable'>;

/** Follows edits until a relay or the room holds them, refuses them, or holds something newer. */
export class EditTracker {
  readonly #openByObject = new Map<ObjectId, Set<OpenEdit>>();

  /** How many edits are neither durable nor lost. */
  get size(): number {
    return new Set([...this.#openByObject.values()].flatMap((edits) => [...edits])).size;
  }

  follow(name: string, patch: Patch): Progress {
    const [durable, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    // Whoever does not wait for them is told by the `refused` event; a lost edit must not end the process.
    for (const { promise } of [durable, held]) promise.catch(() => undefined);
    const said = [...patch.objects];
    const open = new Map(said.map(([id, { registers }]) => [id, new Map(registers)]));
    const unheld = new Map(said.map(([id, { registers }]) => [id, new Map(registers)]));
    const edit = { name, open, unheld, durable, held };
    if (open.size === 0) succeed(edit);
    for (const id of open.keys()) {
      const edits = this.#openByObject.get(id) ?? new Set();
      this.#openByObject.set(id, edits.add(edit));
    }
    return { durable: durable.promise, held: held.promise };
  }

  /** Takes in what a relay's journal holds. */
  hold(registers: ObjectRegisters): void {
    for (const [id, paths] of registers)
      for (const [path, register] of paths)
        for (const { unheld, held } of this.#openByObject.get(id) ?? []) {
          const own = unheld.get(id);
          const wanted = own?.get(path);
          if (own === undefined || wanted === undefined) continue;
          if (compareStamps(register.stamp, wanted.stamp) < 0) continue;
          own.delete(path);
          if (own.size === 0) unheld.delete(id);
          if (unheld.size === 0) held.resolve();
        }
  }

  /**
   * Takes in what left `pending`. Where this client wrote a path twice its later register decides for both edits; an earlier
   * one that is settled while the later is dirty decides for its own.
   */
  settle(settled: readonly Settled[], isDirty: IsDirty): void {
    for (const { id, path, register, outcome } of settled) {
      const isLast = !isDirty(id, path);
      for (const edit of this.#editsOn(id, path)) {
        const own = edit.open.get(id)?.get(path);
        if (!isLast && (own === undefined || compareStamps(own.stamp, register.stamp) > 0)) continue;
        if (outcome === 'durable') this.#hold(edit, id, path);
        else this.#fail(edit, lost(edit.name, path, outcome));
      }
    }
  }

  /**
   * Fails the edits that wrote what was refused, or wait for a path that is dirty no more though the room does not hold it.
   * An earlier edit of a path may be dirty again, and goes on.
   */
  refuse(refused: ObjectRegisters, isDirty: IsDirty, error: Error): void {
    for (const [id, registers] of refused) {
      for (const edit of [...(this.#openByObject.get(id) ?? [])]) {
        const stillWaits = [...(edit.open.get(id) ?? [])].every(
          ([path, register]) => isDirty(id, path) && !isSameRegister(registers.get(path), register),
        );
        if (!stillWaits) this.#fail(edit, error);
      }
    }
  }

  /** Fails whatever is open. */
  close(): void {
    for (const edits of [...this.#openByObject.values()]) {
      for (const edit of [...edits]) this.#fail(edit, closed(edit.name));
    }
  }

  #editsOn(id: ObjectId, path: Path): OpenEdit[] {
    return [...(this.#openByObject.get(id) ?? [])].filter(({ open }) => open.get(id)?.has(path));
  }

  #hold(edit: OpenEdit, id: ObjectId, path: Path): void {
    const paths = edit.open.get(id);
    paths?.delete(path);
    if (paths?.size !== 0) return;
    edit.open.delete(id);
    this.#forget(edit, id);
    if (edit.open.size === 0) succeed(edit);
  }

  #fail(edit: OpenEdit, error: Error): void {
    for (const id of edit.open.keys()) this.#forget(edit, id);
    edit.open.clear();
    edit.held.reject(error);
    edit.durable.reject(error);
  }

  #forget(edit: OpenEdit, id: ObjectId): void {
    const edits = this.#openByObject.get(id);
    edits?.delete(edit);
    if (edits?.size === 0) this.#openByObject.delete(id);
  }
}

function succeed({ held, durable }: OpenEdit): void {
  held.resolve();
  durable.resolve();
}

function lost(name: string, path: Path, outcome: 'superseded' | 'purged'): WeftError {
  const purged = outcome === 'purged';
  return new WeftError('superseded', {
    what: `keep "${name}"`,
    expected: `${path} to stay as it was set`,
    got: purged ? 'an object that was redacted since' : 'a newer value by somebody else',
    hint: purged
      ? 'A redacted object never comes back; add a new one.'
      : 'Look at what is there now, and set it again if it is wrong.',
    path,
  });
}

function closed(name: string): WeftError {
  return new WeftError('closed', {
    what: `tell when "${name}" is durable`,
    expected: 'an open world',
    got: 'a world that was closed while the edit was on its way',
    hint: 'Wait for edit.durable before you close the world.',
  });
}
