import { type ReadonlySignal, type Signal, useSignal } from '@preact/signals';
import { type ObjectId, ROOT } from '@weft/core';
import type { Place } from '../state/actions.ts';
import type { Studio } from '../state/studio.ts';
import { ancestorsOf } from '../state/tree-rows.ts';

export interface DropTarget {
  readonly id: ObjectId;
  readonly where: 'before' | 'into' | 'after';
}

type Handlers = Readonly<Record<string, (event: DragEvent) => void>>;

export interface TreeDrag {
  readonly target: ReadonlySignal<DropTarget | null>;
  readonly atRoot: ReadonlySignal<boolean>;
  readonly rootHandlers: Handlers;
  handlersOf(id: ObjectId): Handlers;
}

// The outer parts of a line mean beside it, its middle means into it.
const BESIDE = 0.28;
const TYPE = 'application/x-weft-objects';

/** Dragging lines of the outline: the selection if the line is part of it, else that line alone. */
export function useTreeDrag(studio: Studio): TreeDrag {
  const dragged: Signal<readonly ObjectId[]> = useSignal<readonly ObjectId[]>([]);
  const target = useSignal<DropTarget | null>(null);
  const atRoot = useSignal(false);

  function stop(): void {
    dragged.value = [];
    target.value = null;
    atRoot.value = false;
  }

  function mayDrop(id: ObjectId): boolean {
    const line = [id, ...ancestorsOf(studio.world, id)];
    return dragged.value.length > 0 && !line.some((above) => dragged.value.includes(above));
  }

  return {
    target,
    atRoot,
    handlersOf: (id) => ({
      onDragStart(event) {
        dragged.value = studio.selection.has(id) ? studio.selection.ids.value : [id];
        event.dataTransfer?.setData(TYPE, dragged.value.join(' '));
        if (event.dataTransfer !== null) event.dataTransfer.effectAllowed = 'move';
      },
      onDragOver(event) {
        if (dragged.value.length === 0) return;
        event.stopPropagation();
        atRoot.value = false;
        const where = mayDrop(id) ? whereIn(event) : null;
        if (where !== null) event.preventDefault();
        if (target.value?.id === id && target.value.where === where) return;
        target.value = where === null ? null : { id, where };
      },
      onDrop(event) {
        event.preventDefault();
        event.stopPropagation();
        const { value } = target;
        if (value !== null) studio.actions.move(dragged.value, placeOf(value));
        if (value?.where === 'into') studio.toggleOpen(value.id, true);
        stop();
      },
      onDragEnd: stop,
    }),
    rootHandlers: {
      onDragOver(event) {
        if (dragged.value.length === 0) return;
        event.preventDefault();
        target.value = null;
        atRoot.value = true;
      },
      onDragLeave() {
        atRoot.value = false;
      },
      onDrop(event) {
        if (dragged.value.length === 0) return;
        event.preventDefault();
        studio.actions.move(dragged.value, { into: ROOT });
        stop();
      },
    },
  };
}

function whereIn(event: DragEvent): DropTarget['where'] {
  const { currentTarget } = event;
  if (!(currentTarget instanceof HTMLElement)) return 'into';
  const box = currentTarget.getBoundingClientRect();
  const share = (event.clientY - box.top) / box.height;
  return share < BESIDE ? 'before' : share > 1 - BESIDE ? 'after' : 'into';
}

function placeOf({ id, where }: DropTarget): Place {
  switch (where) {
    case 'before':
      return { before: id };
    case 'after':
      return { after: id };
    case 'into':
      return { into: id };
  }
}
