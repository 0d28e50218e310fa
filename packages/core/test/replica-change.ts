import { expect } from 'vitest';
import {
  type ChangeSet,
  compareRegisters,
  type ObjectId,
  type Path,
  parsePath,
  type Register,
  type Replica,
  reduceAll,
} from '../src/index.ts';
import { TREE_IDS } from './history.ts';
import { expectScene } from './scene-plain.ts';

const NAME = parsePath('node.name');
const POSITION = parsePath('transform.position');

/** The registers of every object that shows. */
export type Held = ReadonlyMap<ObjectId, ReadonlyMap<Path, Register>>;

export function heldBy(replica: Replica): Held {
  return new Map(TREE_IDS.map((id) => [id, new Map(replica.registers(id))]));
}

/** Fails unless the scene is the reduction of what is held now, and the change names what of it is another. */
export function expectChange(
  replica: Replica,
  before: Held,
  shownBefore: ReadonlySet<ObjectId>,
  change: ChangeSet,
): void {
  const after = heldBy(replica);
  expectScene(replica.scene, reduceAll(new Map([...after].filter(([, registers]) => registers.size > 0))));
  expect(new Set(change.added)).toEqual(
    new Set([...replica.scene.ids()].filter((id) => !shownBefore.has(id))),
  );
  expect(new Set(change.removed)).toEqual(new Set([...shownBefore].filter((id) => !replica.scene.has(id))));
  for (const id of TREE_IDS) {
    if (!shownBefore.has(id) || !replica.scene.has(id)) continue;
    for (const path of [POSITION, NAME]) {
      const [old, now] = [before, after].map((held) => held.get(id)?.get(path));
      const isSame =
        old === now || (old !== undefined && now !== undefined && compareRegisters(old, now) === 0);
      if (isSame) expect(change.changed.get(id)?.includes(path) ?? false).toBe(false);
      else if (old?.value !== now?.value) expect(change.changed.get(id)?.includes(path)).toBe(true);
    }
  }
}
