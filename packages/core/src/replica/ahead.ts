import type { ObjectId, Path } from '../ids.ts';
import { latestTimesOf } from '../register/latest-times.ts';
import { entriesOf, type Patch, patchOf, type RegisterEntry } from '../register/patch.ts';
import { compareRegisters, type Register } from '../register/register.ts';
import type { Time } from '../stamp/stamp.ts';
import { compareUtf8 } from '../value/utf8.ts';

/** A register or a purge that is stamped too far ahead of the reader's clock. */
export type Ahead =
  | { readonly time: Time; readonly id: ObjectId; readonly path: Path; readonly register: Register }
  | { readonly time: Time; readonly id: ObjectId; readonly path: null };

const NOTHING: readonly Ahead[] = [];

/** A patch by a horizon. */
export interface Split {
  /** What may be joined now. */
  readonly admitted: Patch;
  readonly ahead: readonly Ahead[];
  /** The latest stamp of what may be joined; `null` where there is none. */
  readonly latest: Time | null;
}

/** Parts a patch in what may be joined now and what is ahead; the patch itself where nothing is. */
export function splitAt(patch: Patch, horizon: Time): Split {
  const { stamp, purge } = latestTimesOf(patch);
  if ((stamp ?? 0) <= horizon && (purge ?? 0) <= horizon)
    return { admitted: patch, ahead: NOTHING, latest: stamp };
  const ahead: Ahead[] = [];
  for (const { id, path, register } of entriesOf(patch))
    if (register.stamp.time > horizon) ahead.push({ time: register.stamp.time, id, path, register });
  for (const [id, { purge }] of patch.objects)
    if (purge !== null && purge > horizon) ahead.push({ time: purge, id, path: null });
  const registers = [...entriesOf(patch)].filter(({ register }) => register.stamp.time <= horizon);
  const purges: [ObjectId, Time][] = [];
  for (const [id, { purge }] of patch.objects)
    if (purge !== null && purge <= horizon) purges.push([id, purge]);
  const admitted = patchOf({ registers, purges, actors: patch.actors });
  return { admitted, ahead, latest: latestTimesOf(admitted).stamp };
}

/** The patch that a time brings in. */
export function patchOfAhead(ahead: Iterable<Ahead>): Patch {
  const registers: RegisterEntry[] = [];
  const purges: [ObjectId, Time][] = [];
  for (const entry of ahead)
    if (entry.path === null) purges.push([entry.id, entry.time]);
    else registers.push(entry);
  return patchOf({ registers, purges });
}

/** A total order, soonest first, in which only equal entries are equal. */
export function compareAhead(a: Ahead, b: Ahead): number {
  const order = a.time - b.time || compareUtf8(a.id, b.id) || compareUtf8(a.path ?? '', b.path ?? '');
  if (order !== 0 || a.path === null || b.path === null) return order;
  return compareRegisters(a.register, b.register);
}
