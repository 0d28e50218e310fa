import type { ObjectId, Path } from '../ids.ts';

/** Where a change came from: this client, the live lane, the room, a file, or undo and redo. */
export type Origin = 'local' | 'live' | 'matrix' | 'import' | 'undo';

/**
 * What one transaction did to the visible scene. Exact: the earlier scene with these changes applied is the later one.
 *
 * What follows from the tree is not repeated for every object it touches: `children` and `worldMatrix` of others change
 * with the objects listed here.
 */
export interface ChangeSet {
  readonly origin: Origin;
  /** Objects that became visible, each after its parent. */
  readonly added: readonly ObjectId[];
  /** Objects that are gone or hidden now. */
  readonly removed: readonly ObjectId[];
  /**
   * Objects visible before and after, with the properties that have another winning register. Also says `node.parent`
   * where a cycle elsewhere in the tree was cut or closed and the object now hangs elsewhere.
   */
  readonly changed: ReadonlyMap<ObjectId, readonly Path[]>;
}

/** Whether nothing visible changed. */
export function isEmptyChange({ added, removed, changed }: ChangeSet): boolean {
  return added.length === 0 && removed.length === 0 && changed.size === 0;
}
