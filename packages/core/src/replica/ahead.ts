import type { ObjectId, Path } from '../ids.ts';
import { latestTime } from '../register/latest-times.ts';
import { entriesOf, type Patch, patchOf, type RegisterEntry } from '../register/patch.ts';
import { compareRegisters, type Register } from '../register/register.ts';
import type { Time } from '../stamp/stamp.ts';
import { compareUtf8 } from '../value/utf8.ts';

/** A register or a purge that is stamped too far ahead of the reader's clock. */
export type Ahead =
  | { readonly time: Time; readonly id: ObjectId; readonly path: Path; readonly register: Register }
  | { readonly time: Time; readonly id: ObjectId; readonly path: null };

const NOTHING: readonly Ahead[] = [];

/** Parts a patch in what may be joined now and what is ahead; the patch itself where nothing is. */
export function splitAt(patch: Patch, horizon: Time): { admitted: Patch; ahead: readonly Ahead[] } {
  if ((latestTime(patch) ?? 0) <= horizon) return { admitted: patch, ahead: NOTHING };
  const ahead: Ahead[] = [];
  for (const { id, path, register } of entriesOf(patch))
    if (register.stamp.time > horizon) ahead.push({ time: register.stamp.time, id, path, register });
  for (const [id, { purge }] of patch.objects)
    if (purge !== null && purge > horizon) ahead.push({ time: purge, id, path: null });
  const registers = [...entriesOf(patch)].filter(({ register }) => register.stamp.time <= horizon);
  const purges: [ObjectId, Time][] = [];
  for (const [id, { purge }] of patch.objects)
    if (purge !== null && purge <= horizon) purges.push([id, purge]);
  return { admitted: patchOf({ registers, purges, actors: patch.actors }), ahead };
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
