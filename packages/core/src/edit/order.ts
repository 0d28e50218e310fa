import { generateNKeysBetween } from 'fractional-indexing';
import type { ObjectId } from '../ids.ts';
import { compareUtf8, utf8Length } from '../value/utf8.ts';

/** Order keys grow with every insertion at the same place; longer ones are replaced together with their neighbours'. */
export const MAX_ORDER_KEY_BYTES = 64;

export interface Sibling {
  readonly id: ObjectId;
  readonly order: string | null;
}

export interface Placement {
  /** The key of the object that is placed. */
  readonly key: string;
  /** Siblings that need another key, since there was no room between the old ones. */
  readonly others: ReadonlyMap<ObjectId, string>;
}

/**
 * A key for an object between two of its siblings. Where their keys leave no room (equal, missing, not made by this
 * library, or grown too long) the nearest siblings get new keys too: as few as do.
 *
 * @param siblings in order, without the object itself
 * @param at how many of them stay before it
 */
export function placeAt(siblings: readonly Sibling[], at: number): Placement {
  for (let reach = 0; reach <= 2 * siblings.length + 1; reach = reach * 2 + 1) {
    const first = Math.max(0, at - reach);
    const end = Math.min(siblings.length, at + reach);
    const keys = keysBetween(siblings[first - 1] ?? null, siblings[end] ?? null, end - first + 1);
    const placement = keys === null ? null : assign(siblings.slice(first, end), at - first, keys);
    if (placement !== null) return placement;
  }
  // Not reached for a place that exists: with no neighbour left to respect there is always room.
  throw new RangeError(`No place ${at} among ${siblings.length} siblings`);
}

function keysBetween(lower: Sibling | null, upper: Sibling | null, count: number): readonly string[] | null {
  // Before one without a key nothing can be put: those come first.
  if (upper !== null && upper.order === null) return null;
  const low = lower?.order ?? null;
  const high = upper?.order ?? null;
  // The library would swap keys in the wrong order instead of refusing them.
  if (low !== null && high !== null && compareUtf8(low, high) >= 0) return null;
  const keys = tryKeys(low, high, count);
  return keys !== null && isAscending([low, ...keys, high]) && keys.every(isShort) ? keys : null;
}

function isAscending(keys: readonly (string | null)[]): boolean {
  const given = keys.filter((key) => key !== null);
  return given.every((key, at) => at === 0 || compareUtf8(given[at - 1] ?? '', key) < 0);
}

function isShort(key: string): boolean {
  return utf8Length(key) <= MAX_ORDER_KEY_BYTES;
}

/** The library throws on keys that it did not make (hand-written, or another program's), or gives keys in the wrong place. */
function tryKeys(low: string | null, high: string | null, count: number): readonly string[] | null {
  try {
    return generateNKeysBetween(low, high, count);
  } catch {
    return null;
  }
}

function assign(siblings: readonly Sibling[], at: number, keys: readonly string[]): Placement | null {
  const key = keys[at];
  if (key === undefined) return null;
  const others = new Map<ObjectId, string>();
  for (const [index, { id }] of siblings.entries()) {
    const other = keys[index < at ? index : index + 1];
    if (other !== undefined) others.set(id, other);
  }
  return { key, others };
}
