import type { ObjectId, Path, Register } from '@weft/core';
import { RegisterStore } from '@weft/core';
import type { Edit, World } from '@weft/world';

interface Promised {
  readonly name: string;
  readonly id: ObjectId;
  readonly path: Path;
  readonly register: Register;
}

/** An edit that the room did not keep, as its author was told. */
export interface LostEdit {
  readonly name: string;
  readonly error: Error & { readonly code?: string };
}

/** What was acknowledged as durable, to find out afterwards whether anything of it is gone. */
export class Ledger {
  readonly #promised: Promised[] = [];
  readonly #lost: LostEdit[] = [];
  readonly #open = new Set<Promise<void>>();

  /** Edits whose authors were told that something else stands. */
  get lost(): readonly LostEdit[] {
    return this.#lost;
  }

  /** Registers that were acknowledged. */
  get size(): number {
    return this.#promised.length;
  }

  /** Follows an edit that this world just made: once it is durable, all of it is owed. */
  follow(world: World, { name, ids, durable }: Pick<Edit<unknown>, 'name' | 'ids' | 'durable'>): void {
    const { objects } = world.toPatch();
    const written = ids.flatMap((id) =>
      [...(objects.get(id)?.registers ?? [])].map(([path, register]) => ({ name, id, path, register })),
    );
    const end = durable.then(
      () => void this.#promised.push(...written),
      (error: Error) => void this.#lost.push({ name, error }),
    );
    this.#open.add(end);
    void end.then(() => this.#open.delete(end));
  }

  /** Resolves when each edit is durable or lost. */
  async decided(): Promise<void> {
    while (this.#open.size > 0) await Promise.all(this.#open);
  }

  /** What was acknowledged and is neither in this world nor overtaken by something newer. */
  missingIn(world: World): readonly string[] {
    const store = new RegisterStore();
    store.join(world.toPatch());
    return this.#promised
      .filter(({ id, path, register }) => !store.dominates(id, path, register))
      .map(({ name, id, path, register }) => `${name}: ${path} of ${id} = ${JSON.stringify(register.value)}`);
  }
}
