import { useSignal } from '@preact/signals';
import {
  COMPONENTS,
  type EditorKind,
  type FieldDescription,
  fieldsOf,
  isBuiltIn,
  pathOf,
  type SceneObject,
  type Value,
} from '@weft/core';
import { Field } from '../fields/field.tsx';
import { ReadOnlyValue } from '../fields/read-only-value.tsx';
import type { Studio } from '../state/studio.ts';
import { Icon } from './icon.tsx';

interface SectionProps {
  readonly component: string;
  readonly object: SceneObject;
  readonly studio: Studio;
  readonly disabled: boolean;
}

const FIXED = new Set(['transform', 'node']);
// Name and thumbnail have the head of the panel; order and deletion are what the outline is for.
const ELSEWHERE = new Set(['node.name', 'node.order', 'node.deleted', 'mesh.thumbnail', 'image.thumbnail']);
const WIDE = new Set(['vector', 'rotation', 'paragraph', 'json', 'asset']);

export function ComponentSection({ component, object, studio, disabled }: SectionProps) {
  const open = useSignal(component !== 'node');
  const title = isBuiltIn(component) ? COMPONENTS[component].title : component;
  const hint = isBuiltIn(component) ? COMPONENTS[component].description : 'A component of this world';
  return (
    <section class={`component ${open.value ? 'open' : ''}`}>
      <h2 class="component-head">
        <button
          type="button"
          class="component-toggle"
          aria-expanded={open.value}
          title={hint}
          onClick={() => {
            open.value = !open.value;
          }}
        >
          <Icon name="chevron" size={12} />
          {title}
        </button>
        {!FIXED.has(component) && !disabled && (
          <button
            type="button"
            class="button icon small"
            title={`Remove ${title}`}
            aria-label={`Remove ${title}`}
            onClick={() => studio.actions.removeComponent(object.id, component)}
          >
            <Icon name="minus" size={14} />
          </button>
        )}
      </h2>
      {open.value && <Fields {...{ component, object, studio, disabled }} />}
    </section>
  );
}

function Fields({ component, object, studio, disabled }: SectionProps) {
  const values = valuesOf(object, component);
  const { first, more } = fieldsFor(component, values);
  const line = (field: FieldDescription) => {
    const value = values[field.property] ?? field.defaultValue ?? undefined;
    return (
      <div class={`field ${isWide(field) ? 'wide' : ''}`} key={field.path}>
        <span class="field-label" title={field.description}>
          {field.label}
          {isWide(field) && <span class="unit">{unitOf(field)}</span>}
        </span>
        {field.readOnly ? (
          <ReadOnlyValue field={field} value={value} />
        ) : (
          <Field
            field={field}
            value={value}
            disabled={disabled}
            studio={studio}
            onChange={(next, gesture) =>
              studio.actions.setProperty(object.id, component, field.property, next, gesture)
            }
          />
        )}
      </div>
    );
  };
  return (
    <div class="fields">
      {first.map(line)}
      {more.length > 0 && (
        <details class="more">
          <summary>More</summary>
          <div class="more-fields">{more.map(line)}</div>
        </details>
      )}
    </div>
  );
}

function isWide({ editor, readOnly }: FieldDescription): boolean {
  return WIDE.has(editor) && !readOnly;
}

// Scale is a plain factor, and turns are shown in degrees whatever they are kept in.
function unitOf({ editor, unit }: FieldDescription): string | null {
  if (editor === 'rotation') return '°';
  return unit === '×' ? null : unit;
}

function valuesOf(object: SceneObject, component: string): Readonly<Record<string, Value>> {
  return object.component(component) ?? {};
}

interface FieldGroups {
  readonly first: readonly FieldDescription[];
  /** What Weft writes by itself, and what few ever need. */
  readonly more: readonly FieldDescription[];
}

function fieldsFor(component: string, values: Readonly<Record<string, Value>>): FieldGroups {
  const described = fieldsOf(component);
  const known = described.filter(
    ({ path, readOnly, property }) => !ELSEWHERE.has(path) && (!readOnly || values[property] !== undefined),
  );
  const unknown = Object.entries(values).filter(
    ([property]) => !described.some((field) => field.property === property),
  );
  return {
    first: [
      ...known.filter((field) => !isMore(field)),
      ...unknown.flatMap(([property, value]) => describeUnknown(component, property, value)),
    ],
    more: known.filter(isMore),
  };
}

function isMore({ readOnly, property }: FieldDescription): boolean {
  return readOnly || property === 'alt';
}

// A component of somebody's own has no schema here: its values themselves say how to edit them.
function describeUnknown(component: string, property: string, value: Value): readonly FieldDescription[] {
  const path = pathOf(component, property);
  if (path === undefined) return [];
  const words = { label: property, description: `${component}.${property}` };
  const bounds = {
    unit: null,
    min: null,
    max: null,
    step: null,
    options: [],
    defaultValue: null,
    readOnly: false,
  };
  return [{ path, component, property, ...words, editor: editorFor(value), ...bounds }];
}

function editorFor(value: Value): EditorKind {
  if (typeof value === 'boolean') return 'switch';
  if (typeof value === 'number') return 'number';
  return typeof value === 'string' ? 'text' : 'json';
}
