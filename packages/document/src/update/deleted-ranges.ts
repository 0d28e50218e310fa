import type { Doc } from 'yjs';
import * as Y from 'yjs';

/** Elements of one client that were deleted: from a clock on, so many. */
export interface DeletedRange {
  readonly clock: number;
  readonly len: number;
}

/** Deleted ranges by client, in order and apart. */
export type DeletedRanges = ReadonlyMap<number, readonly DeletedRange[]>;

/** All that is deleted in a document. */
export function deletedIn(doc: Doc): DeletedRanges {
  return Y.createDeleteSetFromStructStore(doc.store).clients;
}

/** The parts of these ranges that those do not cover. */
export function subtractRanges(ranges: DeletedRanges, those: DeletedRanges): DeletedRanges {
  const left = new Map<number, readonly DeletedRange[]>();
  for (const [client, own] of ranges) {
    const rest = subtract(own, those.get(client) ?? []);
    if (rest.length > 0) left.set(client, rest);
  }
  return left;
}

/** The parts of these ranges that lie below a clock of their client. */
export function clipRanges(ranges: DeletedRanges, clockOf: (client: number) => number): DeletedRanges {
  const clipped = new Map<number, readonly DeletedRange[]>();
  for (const [client, own] of ranges) {
    const end = clockOf(client);
    const below = own
      .filter(({ clock }) => clock < end)
      .map(({ clock, len }) => ({ clock, len: Math.min(len, end - clock) }));
    if (below.length > 0) clipped.set(client, below);
  }
  return clipped;
}

export function countRanges(ranges: DeletedRanges): number {
  let count = 0;
  for (const own of ranges.values()) count += own.length;
  return count;
}

/** How many elements they hold in all. */
export function sizeOfRanges(ranges: DeletedRanges): number {
  let size = 0;
  for (const own of ranges.values()) for (const { len } of own) size += len;
  return size;
}

function subtract(own: readonly DeletedRange[], those: readonly DeletedRange[]): readonly DeletedRange[] {
  const rest: DeletedRange[] = [];
  let at = 0;
  for (const { clock, len } of own) {
    let from = clock;
    const end = clock + len;
    while (at < those.length && endOf(those[at]) <= from) at += 1;
    for (let next = at; from < end; next++) {
      const other = those[next];
      if (other === undefined || other.clock >= end) {
        rest.push({ clock: from, len: end - from });
        break;
      }
      if (other.clock > from) rest.push({ clock: from, len: other.clock - from });
      from = Math.max(from, other.clock + other.len);
    }
  }
  return rest;
}

function endOf(range: DeletedRange | undefined): number {
  return range === undefined ? Number.POSITIVE_INFINITY : range.clock + range.len;
}
