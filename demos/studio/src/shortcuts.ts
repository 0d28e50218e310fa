import { waveNow } from './panels/walk-bar.tsx';
import type { Studio } from './state/studio.ts';
import type { GizmoMode } from './state/tools.ts';

/** What the keys need of the view; absent where there is no WebGL. */
export interface ShortcutView {
  setMomentarySnap(on: boolean): void;
  /** @returns whether a drag was under way */
  cancelDrag(): boolean;
  /** @returns whether the key walks */
  walkKey(event: KeyboardEvent, isDown: boolean): boolean;
}

const TOOL_KEYS: Readonly<Record<string, GizmoMode>> = { w: 'move', e: 'rotate', r: 'scale' };

/** The keys of the whole page; fields and menus keep their own to themselves. @returns stops listening */
export function followShortcuts(studio: Studio, view: () => ShortcutView | null): () => void {
  function down(event: KeyboardEvent): void {
    if (event.key === 'Control') view()?.setMomentarySnap(true);
    if (event.defaultPrevented || isTyping(event.target)) return;
    if (run(event, studio, view())) event.preventDefault();
  }
  function up(event: KeyboardEvent): void {
    if (event.key === 'Control') view()?.setMomentarySnap(false);
    view()?.walkKey(event, false);
  }
  addEventListener('keydown', down);
  addEventListener('keyup', up);
  return () => {
    removeEventListener('keydown', down);
    removeEventListener('keyup', up);
  };
}

/** @returns whether the key meant something */
function run(event: KeyboardEvent, studio: Studio, view: ShortcutView | null): boolean {
  const key = event.key.toLowerCase();
  const editable = studio.readOnly.value === null;
  const isWalking = studio.walk.me.value !== null;
  if (event.ctrlKey || event.metaKey) return runCommand(key, event.shiftKey, studio);
  if (event.altKey) return false;
  if (isWalking && (walk(key, studio) || view?.walkKey(event, true))) return true;
  switch (key) {
    case 'escape':
      stepBack(studio, view);
      return true;
    case 'f':
      studio.viewport.value?.frame(studio.selection.ids.value);
      return true;
    case 'g':
      studio.tools.grid.value = !studio.tools.grid.value;
      return true;
  }
  if (isWalking) return false;
  const mode = TOOL_KEYS[key];
  if (mode !== undefined && (editable || studio.movable.value.modes.has(mode))) {
    studio.tools.mode.value = mode;
    return true;
  }
  if (!editable) return false;
  if (key === 'x') studio.tools.toggleSpace();
  else if (key === 's') studio.tools.toggleSnap();
  else if (key === 'delete' || key === 'backspace') studio.actions.removeSelected();
  else if (key === 'f2') studio.renaming.value = studio.selection.primary.value;
  else return false;
  return true;
}

/** @returns whether the key does something for whoever walks */
function walk(key: string, studio: Studio): boolean {
  if (key === 'e') studio.walk.act();
  else if (key === 'v') studio.walk.turnView();
  else if (key === 'q') waveNow(studio);
  else return false;
  return true;
}

function runCommand(key: string, shift: boolean, studio: Studio): boolean {
  if (key === 'z') {
    if (shift) studio.actions.redo();
    else studio.actions.undo();
  } else if (key === 'y') studio.actions.redo();
  else if (studio.readOnly.value !== null) return false;
  else if (key === 'd') studio.actions.duplicateSelected();
  else if (key === 'g') studio.actions.groupSelected();
  else return false;
  return true;
}

// The nearest thing first: a drag, then a message, then the selection.
function stepBack(studio: Studio, view: ShortcutView | null): void {
  if (view?.cancelDrag() || studio.toasts.closeLast()) return;
  if (studio.walk.me.value !== null) {
    studio.walk.leave();
    return;
  }
  studio.selection.clear();
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement)
    return target.type !== 'checkbox' && target.type !== 'color' && !target.readOnly;
  return (
    target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable
  );
}
