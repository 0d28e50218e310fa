import { isObjectId, type ObjectId, ROOT } from '@weft/core';
import { CommandError, UsageError } from './failure.ts';

/** Shown ids are no shorter than this, so that a new object seldom makes an old short id ambiguous. */
const MIN_SHORT_CHARACTERS = 6;
const MAX_SHOWN_CANDIDATES = 5;

/** What resolving an id needs of a world. */
export interface Ids {
  has(id: ObjectId): boolean;
  ids(): Iterable<ObjectId>;
  /** For telling candidates apart. */
  nameOf(id: ObjectId): string;
}

/**
 * The object that a person means: a whole id, or the start of exactly one.
 * @throws UsageError for what no id can be, or for the start of several; CommandError `unknown-object`
 */
export function resolveId(text: string, objects: Ids): ObjectId {
  if (text === ROOT) return ROOT;
  if (!isObjectId(text)) {
    throw new UsageError(
      `${JSON.stringify(text)} cannot be an object id: ids are 1 to 64 of A-Z a-z 0-9 _ -. See "ls".`,
    );
  }
  if (objects.has(text)) return text;
  const found = [...objects.ids()].filter((id) => id.startsWith(text)).sort();
  const [only, second] = found;
  if (only === undefined) {
    throw new CommandError('unknown-object', `No object here has an id that starts with ${text}. See "ls".`);
  }
  if (second === undefined) return only;
  const shown = found.slice(0, MAX_SHOWN_CANDIDATES).map((id) => `  ${id}  ${objects.nameOf(id)}`.trimEnd());
  const more = found.length > shown.length ? `\n  and ${found.length - shown.length} more` : '';
  throw new UsageError(
    `${found.length} ids start with ${text}: give more of it.\n${shown.join('\n')}${more}`,
  );
}

/** How many characters tell all these ids apart. */
export function shortLength(ids: Iterable<ObjectId>): number {
  const sorted = [...ids].sort();
  let length = MIN_SHORT_CHARACTERS;
  for (const [at, id] of sorted.entries()) {
    const next = sorted[at + 1];
    if (next !== undefined) length = Math.max(length, commonLength(id, next) + 1);
  }
  return length;
}

function commonLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}
