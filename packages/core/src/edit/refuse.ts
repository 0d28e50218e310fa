import { WeftError } from '../errors.ts';
import { isPersonalObjectId, type ObjectId, type Path, ROOT } from '../ids.ts';
import { MAX_DEPTH } from '../scene/tree.ts';
import { showHostile } from '../value/plain-record.ts';
import type { Value } from '../value/value.ts';

/** The refusals of an edit, each in one place so that it always reads the same. */

export function closed(): WeftError {
  return new WeftError('closed', {
    what: 'go on with an edit',
    expected: 'all of it within the function given to edit()',
    got: 'a call after that function returned',
    hint: 'Start another edit.',
    by: 'developer',
  });
}

export function asynchronous(): WeftError {
  return new WeftError('invalid-value', {
    what: 'make an edit',
    expected: 'a function that does everything before it returns',
    got: 'a promise',
    hint: 'Fetch and await first, then edit: an edit is one synchronous step, all or nothing.',
    by: 'developer',
  });
}

export function taken(id: ObjectId, deleted: boolean): WeftError {
  return new WeftError('object-exists', {
    what: `add ${id}`,
    expected: 'an id that was never used',
    got:
      id === ROOT
        ? 'the root, which is always there'
        : deleted
          ? 'a deleted object'
          : 'an object that is there',
    hint: deleted
      ? 'Bring it back with set(id, { node: { deleted: null } }).'
      : 'Change that one, or leave out the id.',
    path: id,
  });
}

export function twoNames(): WeftError {
  return new WeftError('invalid-id', {
    what: 'add an object',
    expected: 'an id or a key',
    got: 'both',
    hint: 'A key is turned into an id; leave one of them out.',
    by: 'developer',
  });
}

/** @throws WeftError `invalid-id` for an id that only its owner's personal carrier may hold */
export function personal(id: ObjectId): void {
  if (!isPersonalObjectId(id)) return;
  throw new WeftError('invalid-id', {
    what: `add ${id}`,
    expected: 'an id that does not begin like a personal object',
    got: id,
    hint: 'Leave out the id to get a new one.',
    path: id,
  });
}

export function root(what: string): WeftError {
  return new WeftError('invalid-id', {
    what,
    expected: 'an object of the world',
    got: ROOT,
    hint: 'The root is implicit: it holds nothing, and can be neither moved nor removed.',
    path: ROOT,
  });
}

export function unknown(what: string, id: ObjectId, deleted: boolean): WeftError {
  return new WeftError('unknown-object', {
    what,
    expected: 'an object that is visible',
    got: deleted ? `${id}, which is deleted` : `${id}, which is unknown or hidden`,
    hint: deleted
      ? 'Bring it back first: set(id, { node: { deleted: null } }).'
      : 'Read the world again: it may have changed.',
    path: id,
  });
}

export function notASibling(what: string, neighbour: ObjectId, parent: ObjectId): WeftError {
  return new WeftError('unknown-object', {
    what,
    expected: `a neighbour that hangs from ${parent}`,
    got: neighbour,
    hint: 'Leave out the parent to go where the neighbour is.',
    path: neighbour,
  });
}

export function twoPlaces(what: string): WeftError {
  return new WeftError('invalid-value', {
    what,
    expected: 'before or after',
    got: 'both',
    hint: 'Name one neighbour.',
    by: 'developer',
  });
}

export function cycle(what: string, id: ObjectId, parent: ObjectId): WeftError {
  return new WeftError('cycle', {
    what,
    expected: 'a parent that does not hang from the object itself',
    got: parent === id ? 'the object itself' : `${parent}, which hangs from it`,
    hint: 'Move the parent out first.',
    path: id,
  });
}

export function tooDeep(what: string, depth: number): WeftError {
  return new WeftError('limit', {
    what,
    expected: `at most ${MAX_DEPTH} levels below the root`,
    got: `${depth}`,
    hint: 'Use a flatter tree.',
  });
}

export function notAComponent(id: ObjectId, name: string, got: unknown): WeftError {
  return new WeftError('invalid-value', {
    what: `set ${name} of ${id}`,
    expected: 'properties by name, or null to remove the component',
    got: showHostile(got),
    hint: `Write { ${name}: { property: value } }.`,
    by: 'developer',
    path: name,
  });
}

/** For what does not even look like it. */
export function notARecord(what: string, expected: string, got: unknown): WeftError {
  return new WeftError('invalid-value', {
    what,
    expected,
    got: showHostile(got),
    hint: 'Pass a plain record.',
    by: 'developer',
  });
}

export function unknownName(what: string, name: string, known: string | null): WeftError {
  return new WeftError('schema', {
    what,
    expected: known ?? 'component.property in the characters that names may have',
    got: name,
    hint: 'Components of your own carry a vendor prefix and a colon, and hold any property.',
    path: name,
  });
}

export function schema(what: string, path: Path, expected: string, value: Value): WeftError {
  return new WeftError('schema', {
    what,
    expected,
    got: JSON.stringify(value),
    hint: 'Correct the value; nothing was changed.',
    path,
  });
}

/** A refusal of what undo or redo would write, told as theirs. */
export function turn(what: string, refused: WeftError): WeftError {
  const { code, expected, got, hint, by, path, rule } = refused;
  return new WeftError(code, {
    what: `${what} (${refused.what})`,
    expected,
    got,
    hint,
    by,
    ...(path === null ? {} : { path }),
    ...(rule === null ? {} : { rule }),
    cause: refused,
  });
}
