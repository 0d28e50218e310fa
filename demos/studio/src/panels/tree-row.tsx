import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Studio } from '../state/studio.ts';
import { thumbnailOf } from '../state/thumbnails.ts';
import type { TreeRow as Row } from '../state/tree-rows.ts';
import { Icon } from './icon.tsx';
import { SelectedBy } from './selected-by.tsx';
import { StageDot } from './stage-dot.tsx';
import { Thumbnail } from './thumbnail.tsx';
import type { TreeDrag } from './tree-drag.ts';

const INDENT_PIXELS = 14;
const EDGE_PIXELS = 6;

interface TreeRowProps {
  readonly id: string;
  readonly row: Row;
  readonly studio: Studio;
  readonly top: number;
  readonly drag: TreeDrag;
  onPick(event: MouseEvent): void;
}

export function TreeRow({ id, row, studio, top, drag, onPick }: TreeRowProps) {
  const selected = studio.selection.has(row.id);
  const renaming = studio.renaming.value === row.id;
  const target = drag.target.value;
  const drop = target?.id === row.id ? `drop-${target.where}` : '';
  const failed = studio.assets.value.find(({ state, users }) => state === 'failed' && users.includes(row.id));
  const object = studio.graph.object(row.id);
  const isPrimary = studio.selection.primary.value === row.id;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus and points here (aria-activedescendant).
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys, see tree-keys.ts.
    <div
      id={id}
      class={`tree-row ${selected ? 'selected' : ''} ${isPrimary ? 'primary' : ''} ${drop}`}
      role="treeitem"
      aria-level={row.depth + 1}
      aria-posinset={row.place}
      aria-setsize={row.siblings}
      aria-selected={selected}
      aria-expanded={row.children > 0 ? row.open : undefined}
      data-object={row.id}
      style={{ top: `${top}px`, paddingLeft: `${EDGE_PIXELS + row.depth * INDENT_PIXELS}px` }}
      draggable={!renaming && studio.readOnly.value === null}
      onClick={onPick}
      onDblClick={() => {
        if (studio.readOnly.value === null) studio.renaming.value = row.id;
        else studio.viewport.value?.frame([row.id]);
      }}
      {...drag.handlersOf(row.id)}
    >
      <button
        type="button"
        class={`twist ${row.open ? 'open' : ''}`}
        tabIndex={-1}
        aria-hidden="true"
        style={{ visibility: row.children > 0 ? 'visible' : 'hidden' }}
        onClick={(event) => {
          event.stopPropagation();
          focusTree(event.currentTarget);
          studio.toggleOpen(row.id, !row.open);
        }}
      >
        <Icon name="chevron" size={12} />
      </button>
      <Thumbnail studio={studio} of={thumbnailOf(object)}>
        <span class={`kind ${row.kind}`}>
          <Icon name={row.kind} size={14} />
        </span>
      </Thumbnail>
      {renaming ? <NameBox row={row} studio={studio} /> : <span class="name">{row.name}</span>}
      {failed !== undefined && (
        <span class="row-warning" title={`Cannot be shown: ${failed.reason}`}>
          <Icon name="warning" size={13} />
        </span>
      )}
      {object?.node?.locked === true && (
        <span class="row-lock" title="Locked: only its owner and stewards may change it">
          <Icon name="lock" size={12} />
        </span>
      )}
      <SelectedBy others={studio.others.at(row.id)} />
      {!row.open && <SelectedBy others={studio.others.below(row.id)} inside />}
      <StageDot stage={studio.graph.stage(row.id)} />
    </div>
  );
}

function NameBox({ row, studio }: { row: Row; studio: Studio }) {
  const box = useRef<HTMLInputElement>(null);
  // Before the next key arrives, which a quick typist sends at once.
  useLayoutEffect(() => {
    box.current?.focus();
    box.current?.select();
  }, []);
  function finish(name: string | null): void {
    if (studio.renaming.value !== row.id) return;
    studio.renaming.value = null;
    if (name !== null && name.trim() !== '') studio.actions.rename(row.id, name.trim());
    focusTree(box.current);
  }
  return (
    <input
      class="name-box"
      aria-label="Name"
      maxLength={200}
      defaultValue={row.name}
      ref={box}
      onClick={(event) => event.stopPropagation()}
      onBlur={(event) => finish(event.currentTarget.value)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') finish(event.currentTarget.value);
        if (event.key === 'Escape') finish(null);
      }}
    />
  );
}

function focusTree(inside: HTMLElement | null): void {
  const tree = inside?.closest('[role="tree"]');
  if (tree instanceof HTMLElement) tree.focus({ preventScroll: true });
}
