import { isObjectId, ROOT } from '@weft/core';
import { nameOf } from '../state/tree-rows.ts';
import type { FieldProps } from './field-props.ts';

/** Another object: its name, and the way to it. Dragging in the outline changes a parent. */
export function ObjectField({ field, value, studio }: FieldProps) {
  if (!isObjectId(value) || value === ROOT) return <span class="quiet-value">World</span>;
  const object = studio.graph.object(value);
  return (
    <button
      type="button"
      class="link-value"
      aria-label={`${field.label}: go to ${object === undefined ? value : nameOf(object)}`}
      onClick={() => studio.selection.set([value])}
    >
      {object === undefined ? value : nameOf(object)}
    </button>
  );
}
