import { ROOT } from '@weft/core';
import type { Studio } from '../state/studio.ts';
import type { TreeRow } from '../state/tree-rows.ts';

/** The keys of a tree (WAI-ARIA Authoring Practices, tree view pattern); F2 renames. */
export function treeKey(event: KeyboardEvent, studio: Studio, rows: readonly TreeRow[]): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
  const at = rows.findIndex(({ id }) => id === studio.selection.primary.value);
  const row = rows[at];
  const go = (to: number) => {
    const next = rows[Math.min(rows.length - 1, Math.max(0, to))];
    if (next === undefined) return;
    if (event.shiftKey && row !== undefined) {
      studio.selection.set([...studio.selection.ids.value.filter((id) => id !== next.id), next.id]);
    } else {
      studio.selection.set([next.id]);
    }
  };
  switch (event.key) {
    case 'ArrowDown':
      go(at + 1);
      break;
    case 'ArrowUp':
      go(at < 0 ? rows.length - 1 : at - 1);
      break;
    case 'Home':
      go(0);
      break;
    case 'End':
      go(rows.length - 1);
      break;
    case 'ArrowRight':
      if (row === undefined || row.children === 0) return;
      if (row.open) go(at + 1);
      else studio.toggleOpen(row.id, true);
      break;
    case 'ArrowLeft':
      if (row === undefined) return;
      if (row.open) studio.toggleOpen(row.id, false);
      else goToParent(studio, row);
      break;
    case 'F2':
    case 'Enter':
      if (row === undefined || studio.readOnly.value !== null) return;
      studio.renaming.value = row.id;
      break;
    default:
      return;
  }
  event.preventDefault();
  event.stopPropagation();
}

function goToParent(studio: Studio, row: TreeRow): void {
  const parent = studio.world.get(row.id)?.parent;
  if (parent !== undefined && parent !== ROOT) studio.selection.set([parent]);
}
