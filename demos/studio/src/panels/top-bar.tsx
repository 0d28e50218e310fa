import { NEW_OBJECTS, type NewObjectKind } from '../state/new-object.ts';
import type { Studio } from '../state/studio.ts';
import { IconButton } from './button.tsx';
import { chooseFiles } from './choose-files.ts';
import type { IconName } from './icon.tsx';
import { Menu, type MenuItem } from './menu.tsx';
import { People } from './people.tsx';
import { saveFile } from './save-file.ts';
import { StatusBadge } from './status-badge.tsx';
import { ToolPicker } from './tool-picker.tsx';

const ADD_ORDER = [
  'box',
  'sphere',
  'cylinder',
  'cone',
  'plane',
  'light',
  'text',
  'group',
  'spawn',
] as const satisfies readonly (NewObjectKind & IconName)[];
const SEPARATED: ReadonlySet<NewObjectKind> = new Set(['light', 'group']);

export function TopBar({ studio }: { studio: Studio }) {
  const locked = studio.readOnly.value !== null;
  const { undo, redo } = studio.history.value;
  return (
    <header class="top-bar">
      <div class="top-left">
        <Mark />
        <h1 class="world-title" title={studio.world.room}>
          {studio.world.title || 'Untitled world'}
        </h1>
        <span class="divider" />
        <Menu label="Add" icon="plus" disabled={locked} items={addItems(studio)} />
        <IconButton
          icon="undo"
          label="Undo"
          shortcut="Ctrl+Z"
          disabled={!undo}
          onClick={() => studio.actions.undo()}
        />
        <IconButton
          icon="redo"
          label="Redo"
          shortcut="Ctrl+Shift+Z"
          disabled={!redo}
          onClick={() => studio.actions.redo()}
        />
        <Menu label="Export" icon="download" class="folding" items={exportItems(studio)} />
      </div>
      <ToolPicker studio={studio} />
      <div class="top-right">
        <People studio={studio} />
        <StatusBadge studio={studio} />
      </div>
    </header>
  );
}

function addItems(studio: Studio): readonly MenuItem[] {
  const shapes = ADD_ORDER.map((kind) => ({
    label: NEW_OBJECTS[kind].label,
    icon: kind,
    separated: SEPARATED.has(kind),
    run: () => studio.actions.add(kind, dropPoint(studio)),
  }));
  const model: MenuItem = {
    label: 'From file…',
    icon: 'upload',
    hint: 'model, picture, sound, film',
    separated: true,
    run: () => chooseFiles((files) => void studio.importFiles(files, dropPoint(studio))),
  };
  return [...shapes, model];
}

function exportItems(studio: Studio): readonly MenuItem[] {
  const { length } = studio.selection.ids.value;
  const what = length === 1 ? 'with all below it' : `${length} objects, with all below`;
  return [
    {
      label: 'The world',
      icon: 'world',
      hint: 'as one .glb model',
      run: () => void studio.exportGlb('world', saveFile),
    },
    {
      label: 'What is selected',
      icon: 'mesh',
      hint: length === 0 ? 'nothing is' : what,
      disabled: length === 0,
      run: () => void studio.exportGlb('selection', saveFile),
    },
  ];
}

function dropPoint(studio: Studio): readonly [number, number, number] {
  return studio.viewport.value?.dropPoint() ?? [0, 0, 0];
}

function Mark() {
  return (
    <svg class="mark" width="20" height="20" viewBox="0 0 16 16" role="img" aria-label="Weft">
      <rect width="16" height="16" rx="4" class="mark-ground" />
      <path d="M3.2 5.6h9.6M3.2 10.4h9.6M5.6 3.2v9.6M10.4 3.2v9.6" class="mark-thread" />
    </svg>
  );
}
