import type { Path, Value } from '@weft/core';
import type { ObjectId, SceneObject, WorldDiff } from '@weft/world';
import { valueText } from './object-view.ts';
import { columns, type Json } from './output.ts';

/** One side of a difference: a world, a file, a moment. */
export interface DiffView {
  get(id: ObjectId): SceneObject | undefined;
}

/** What differs, as JSON. */
export function diffJson({ added, removed, changed }: WorldDiff): Json {
  return {
    equal: added.length + removed.length + changed.size === 0,
    added,
    removed,
    changed: Object.fromEntries([...changed].map(([id, paths]) => [id, Object.fromEntries(paths)])),
  };
}

/** What differs, for a person: a line for each object that only one side shows, and for each property. */
export function diffText({ added, removed, changed }: WorldDiff, before: DiffView, after: DiffView): string {
  const rows: string[][] = [
    ...added.map((id) => ['+', id, nameIn(after, id)]),
    ...removed.map((id) => ['-', id, nameIn(before, id)]),
  ];
  let hidden = 0;
  for (const [id, paths] of changed) {
    if (before.get(id) !== undefined && after.get(id) !== undefined)
      rows.push(...changeRows(id, after, paths));
    else if (before.get(id) === undefined && after.get(id) === undefined) hidden += 1;
  }
  const rest = hidden === 0 ? [] : [`${hidden} hidden or deleted objects differ too; see --json.`];
  if (rows.length + hidden === 0) return 'No difference.';
  return [...(rows.length === 0 ? [] : [columns(rows)]), ...rest].join('\n');
}

function changeRows(
  id: ObjectId,
  after: DiffView,
  paths: ReadonlyMap<Path, readonly [Value, Value]>,
): string[][] {
  return [...paths].map(([path, [was, is]]) => [
    '~',
    id,
    nameIn(after, id),
    `${path}: ${shown(was)} → ${shown(is)}`,
  ]);
}

function shown(value: Value): string {
  return value === null ? '(none)' : valueText(value);
}

function nameIn(side: DiffView, id: ObjectId): string {
  return valueText(side.get(id)?.node?.name ?? '');
}
