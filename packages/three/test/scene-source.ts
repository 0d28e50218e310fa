import {
  type ChangeSet,
  composeEdit,
  type EditDraft,
  newActorId,
  parseUserId,
  Replica,
  type Synchronous,
} from '@weft/core';
import { SeededRandom } from '@weft/testing';
import type { ViewSource } from '../src/source.ts';

export interface TestScene {
  readonly source: ViewSource;
  readonly replica: Replica;
  /** How many views follow it. */
  readonly followers: number;
  edit<T>(change: (e: EditDraft) => Synchronous<T>): Synchronous<T>;
}

/** A world of one replica: edits are changes, and nothing else happens. */
export function testScene(): TestScene {
  const random = new SeededRandom(7).bytes;
  const userId = parseUserId('@alice:example.org');
  const replica = new Replica({ actor: newActorId(random), now: () => 1_700_000_000_000 });
  const listeners = new Set<(changes: ChangeSet) => void>();
  return {
    replica,
    get followers() {
      return listeners.size;
    },
    source: {
      get: (id) => replica.scene.get(id),
      children: (id) => replica.scene.children(id),
      objects: () => [...replica.scene.ids()].flatMap((id) => replica.scene.get(id) ?? []),
      on(_event, listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    edit<T>(change: (e: EditDraft) => Synchronous<T>) {
      const { patch, value } = composeEdit<T>(replica, { userId, level: 100 }, random, change);
      const changes = replica.write(patch, 'local');
      for (const listen of listeners) listen(changes);
      return value;
    },
  };
}
