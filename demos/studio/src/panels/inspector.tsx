import type { ObjectId, SceneObject } from '@weft/core';
import type { Studio } from '../state/studio.ts';
import { thumbnailOf } from '../state/thumbnails.ts';
import { kindOf, nameOf } from '../state/tree-rows.ts';
import { ComponentSection } from './component-section.tsx';
import { addableComponents, componentsOf } from './components-of.ts';
import { Icon } from './icon.tsx';
import { InspectorEmpty } from './inspector-empty.tsx';
import { Menu } from './menu.tsx';
import { StageDot } from './stage-dot.tsx';
import { Thumbnail } from './thumbnail.tsx';

/** The primary object's components, each with the fields its schema describes. */
export function Inspector({ studio }: { studio: Studio }) {
  const id = studio.selection.primary.value;
  const object = id === null ? undefined : studio.graph.object(id);
  return (
    <section
      class={`panel inspector quiet-scroll ${studio.readOnly.value === null ? '' : 'locked'}`}
      aria-label="Inspector"
    >
      {id === null || object === undefined ? (
        <InspectorEmpty studio={studio} />
      ) : (
        <ObjectForm key={id} id={id} object={object} studio={studio} />
      )}
    </section>
  );
}

function ObjectForm({ id, object, studio }: { id: ObjectId; object: SceneObject; studio: Studio }) {
  const disabled = studio.readOnly.value !== null;
  const others = studio.selection.ids.value.length - 1;
  return (
    <>
      <header class="inspector-head">
        <Thumbnail studio={studio} of={thumbnailOf(object)}>
          <span class={`kind ${kindOf(object)}`}>
            <Icon name={kindOf(object)} />
          </span>
        </Thumbnail>
        <input
          class="title-box"
          aria-label="Name"
          maxLength={200}
          readOnly={disabled}
          value={nameOf(object)}
          onBlur={(event) => {
            const name = event.currentTarget.value.trim();
            if (name !== '' && name !== nameOf(object)) studio.actions.rename(id, name);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.currentTarget.blur();
            event.stopPropagation();
          }}
        />
        <StageDot stage={studio.graph.stage(id)} />
      </header>
      {others > 0 && (
        <p class="inspector-note">{`${others + 1} selected. These fields are of this one; the gizmo moves all.`}</p>
      )}
      {componentsOf(object).map((component) => (
        <ComponentSection
          key={component}
          component={component}
          object={object}
          studio={studio}
          disabled={disabled}
        />
      ))}
      <footer class="inspector-foot">
        {!disabled && (
          <Menu
            label="Add component"
            icon="plus"
            class="up"
            items={addableComponents(object).map(({ name, title, icon, start }) => ({
              label: title,
              icon,
              run: () => studio.actions.addComponent(id, name, start),
            }))}
          />
        )}
        <button
          type="button"
          class="object-id"
          title="Copy the object's id"
          onClick={() => {
            void navigator.clipboard?.writeText(id);
            studio.toasts.info('Id copied');
          }}
        >
          {id}
        </button>
      </footer>
    </>
  );
}
