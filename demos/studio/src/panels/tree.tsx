import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Studio } from '../state/studio.ts';
import { type TreeRow as Row, treeRows } from '../state/tree-rows.ts';
import { Icon } from './icon.tsx';
import { useTreeDrag } from './tree-drag.ts';
import { TreeEmpty } from './tree-empty.tsx';
import { treeKey } from './tree-keys.ts';
import { TreeRow } from './tree-row.tsx';

/** Height of a line in pixels; `--row` in the theme is the same. */
const ROW_PIXELS = 26;
const SPARE_ROWS = 8;

/** The outline: every object of the world, drawn only as far as the window reaches. */
export function Tree({ studio }: { studio: Studio }) {
  const rows = useComputed(() => {
    studio.graph.structure.value;
    return treeRows(studio.world, studio.open.value, studio.search.value);
  });
  const scroller = useRef<HTMLDivElement>(null);
  const span = useSignal({ top: 0, height: 600 });
  const drag = useTreeDrag(studio);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = () => {
      span.value = { top: element.scrollTop, height: element.clientHeight };
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, []);

  const primary = studio.selection.primary.value;
  const primaryAt = rows.value.findIndex(({ id }) => id === primary);
  useEffect(() => {
    if (primaryAt >= 0) reveal(scroller.current, primaryAt);
  }, [primary, primaryAt]);

  const from = Math.max(0, Math.floor(span.value.top / ROW_PIXELS) - SPARE_ROWS);
  const to = Math.ceil((span.value.top + span.value.height) / ROW_PIXELS) + SPARE_ROWS;
  return (
    <section class="panel tree-panel" aria-label="Objects">
      <SearchBox studio={studio} />
      <div
        class={`tree quiet-scroll ${drag.atRoot.value ? 'drop-root' : ''}`}
        role="tree"
        aria-label="Objects"
        aria-multiselectable="true"
        aria-activedescendant={primaryAt >= 0 ? rowId(primary) : undefined}
        tabIndex={0}
        ref={scroller}
        onKeyDown={(event) => treeKey(event, studio, rows.value)}
        onClick={(event) => {
          if (event.target === event.currentTarget) studio.selection.clear();
        }}
        {...drag.rootHandlers}
      >
        {rows.value.length === 0 ? (
          <TreeEmpty studio={studio} />
        ) : (
          <div
            class="tree-rows"
            role="presentation"
            style={{ height: `${rows.value.length * ROW_PIXELS}px` }}
          >
            {rows.value.slice(from, to).map((row, at) => (
              <TreeRow
                key={row.id}
                id={rowId(row.id)}
                row={row}
                studio={studio}
                top={(from + at) * ROW_PIXELS}
                drag={drag}
                onPick={(event) => pick(event, studio, rows.value, row)}
              />
            ))}
          </div>
        )}
      </div>
    </section>
  );
}

function rowId(id: string | null): string {
  return `row-${id}`;
}

// Shift extends from the primary, Ctrl adds one, a plain click replaces.
function pick(event: MouseEvent, studio: Studio, rows: readonly Row[], row: Row): void {
  const { selection } = studio;
  const from = rows.findIndex(({ id }) => id === selection.primary.value);
  const to = rows.indexOf(row);
  if (event.shiftKey && from >= 0) {
    const between = rows.slice(Math.min(from, to), Math.max(from, to) + 1).map(({ id }) => id);
    selection.set(from <= to ? between : between.toReversed());
  } else if (event.ctrlKey || event.metaKey) {
    selection.toggle(row.id);
  } else {
    selection.set([row.id]);
  }
}

function reveal(element: HTMLElement | null, at: number): void {
  if (element === null) return;
  const top = at * ROW_PIXELS;
  if (top < element.scrollTop) element.scrollTop = top;
  const bottom = top + ROW_PIXELS - element.clientHeight;
  if (bottom > element.scrollTop) element.scrollTop = bottom;
}

function SearchBox({ studio }: { studio: Studio }) {
  return (
    <div class="search">
      <Icon name="search" size={14} />
      <input
        type="search"
        placeholder="Search objects"
        aria-label="Search objects by name, kind or tag"
        value={studio.search.value}
        onInput={(event) => {
          studio.search.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          studio.search.value = '';
          event.stopPropagation();
        }}
      />
    </div>
  );
}
