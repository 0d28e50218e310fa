import { useSignal } from '@preact/signals';
import {
  COMPONENTS,
  type FieldDescription,
  fieldsOf,
  isBuiltIn,
  pathOf,
  type SceneObject,
  type Value,
} from '@weft/core';
import { Field } from '../fields/field.tsx';
import type { Studio } from '../state/studio.ts';
import { Icon } from './icon.tsx';

interface SectionProps {
  readonly component: string;
  readonly object: SceneObject;
  readonly studio: Studio;
  readonly disabled: boolean;
}

const FIXED = new Set(['transform', 'node']);
// The name has the head of the panel; order and deletion are what the outline is for.
const ELSEWHERE = new Set(['node.name', 'node.order', 'node.deleted']);
const WIDE = new Set(['vector', 'rotation', 'paragraph', 'json', 'asset']);

export function ComponentSection({ component, object, studio, disabled }: SectionProps) {
  const open = useSignal(component !== 'node');
  const title = isBuiltIn(component) ? COMPONENTS[component].title : component;
  const hint = isBuiltIn(component) ? COMPONENTS[component].description : 'A component of this world';
  const values = valuesOf(object, component);
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
      {open.value && (
        <div class="fields">
          {fieldsFor(component, values).map((field) => (
            <div class={`field ${WIDE.has(field.editor) ? 'wide' : ''}`} key={field.path}>
              <span class="field-label" title={field.description}>
                {field.label}
                {field.unit !== null && WIDE.has(field.editor) && <span class="unit">{field.unit}</span>}
              </span>
              <Field
                field={field}
                value={values[field.property] ?? field.defaultValue ?? undefined}
                disabled={disabled || field.readOnly}
                studio={studio}
                onChange={(value, gesture) =>
                  studio.actions.setProperty(object.id, component, field.property, value, gesture)
                }
              />
            </div>
          ))}
        </div>
      )}
    </section>
  );
}

function valuesOf(object: SceneObject, component: string): Readonly<Record<string, Value>> {
  return object.component(component) ?? {};
}

// What Weft writes by itself is shown only where there is something to show.
function fieldsFor(component: string, values: Readonly<Record<string, Value>>): readonly FieldDescription[] {
  const known = fieldsOf(component).filter(
    ({ path, readOnly, property }) => !ELSEWHERE.has(path) && (!readOnly || values[property] !== undefined),
  );
  const unknown = Object.keys(values).filter(
    (property) => !fieldsOf(component).some((field) => field.property === property),
  );
  return [...known, ...unknown.flatMap((property) => describeUnknown(component, property))];
}

function describeUnknown(component: string, property: string): readonly FieldDescription[] {
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
  return [{ path, component, property, ...words, editor: 'json', ...bounds }];
}
