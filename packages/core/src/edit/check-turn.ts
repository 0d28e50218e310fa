import { WeftError } from '../errors.ts';
import { type ObjectId, type Path, ROOT } from '../ids.ts';
import { entriesOf, type Patch } from '../register/patch.ts';
import type { Register } from '../register/register.ts';
import { PARENT_PATH } from '../scene/facts.ts';
import { MAX_DEPTH } from '../scene/tree.ts';
import { changesIn, type EditAccess } from './access.ts';
import { checkSize } from './check-size.ts';
import { checkAccess, checkPurge, checkWins } from './compose.ts';
import { DraftScene } from './draft-scene.ts';
import * as refuse from './refuse.ts';
import type { EditSource } from './source.ts';

/**
 * Whether somebody may take back a step, or do it again: the checks of any edit, at the moment of turning it. Writes
 * nothing.
 *
 * @param what the start of the refusal: `undo move Table`
 * @throws WeftError as `History.undo` says
 */
export function checkTurn(source: EditSource, access: EditAccess, patch: Patch, what: string): void {
  try {
    for (const [id, { registers }] of patch.objects) {
      const held = source.registers(id) ?? new Map<Path, Register>();
      checkAccess(access, id, held, changesIn(registers));
      checkSize(source, id, { held, written: registers, claims: patch.actors });
      const purge = source.purgeOf(id);
      for (const [path, { stamp }] of registers) {
        const winner = held.get(path);
        if (winner !== undefined) checkWins(stamp, id, path, winner);
        checkPurge(stamp, id, purge);
      }
    }
    checkPlaces(source, patch);
    source.check(patch, access);
  } catch (error) {
    if (error instanceof WeftError) throw refuse.turn(what, error);
    throw error;
  }
}

/** No object may vanish, or tie a cycle, by going back to where it hung. */
function checkPlaces(source: EditSource, patch: Patch): void {
  const scene = new DraftScene(source);
  for (const { id, path, register } of entriesOf(patch)) scene.write(id, path, register.value);
  for (const [id, { registers }] of patch.objects)
    if (registers.has(PARENT_PATH)) checkPlace(source, scene, patch, id);
}

function checkPlace(source: EditSource, scene: DraftScene, patch: Patch, id: ObjectId): void {
  const parent = scene.parent(id);
  const what = `hang ${id} from ${parent}`;
  const way: ObjectId[] = [];
  for (let at = parent; at !== ROOT && way.length <= MAX_DEPTH; at = scene.parent(at)) {
    if (at === id) throw refuse.cycle(what, id, parent);
    way.push(at);
  }
  // What was hidden before may go where it stays so.
  if (!source.scene.has(id)) return;
  const hidden = way.find((at) => !patch.objects.has(at) && (scene.isDeleted(at) || !scene.isTaken(at)));
  if (hidden !== undefined) throw refuse.unknown(what, hidden, scene.isDeleted(hidden));
  const depth = way.length + 1 + scene.height(id);
  if (depth > MAX_DEPTH) throw refuse.tooDeep(what, depth);
}
