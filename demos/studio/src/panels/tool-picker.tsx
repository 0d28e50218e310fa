import type { Studio } from '../state/studio.ts';
import { type GizmoMode, SNAP_DEGREES, SNAP_METRES } from '../state/tools.ts';
import { IconButton } from './button.tsx';

const MODES: readonly { readonly mode: GizmoMode; readonly label: string; readonly key: string }[] = [
  { mode: 'move', label: 'Move', key: 'W' },
  { mode: 'rotate', label: 'Rotate', key: 'E' },
  { mode: 'scale', label: 'Scale', key: 'R' },
];

export function ToolPicker({ studio }: { studio: Studio }) {
  const { tools, movable, selection } = studio;
  const isAway = studio.viewport.value === null || studio.walk.me.value !== null;
  const nothing = selection.ids.value.length === 0;
  // With nothing selected a tool can be chosen by whoever may build.
  const may = (mode: GizmoMode): boolean =>
    !isAway && (nothing ? studio.readOnly.value === null : movable.value.modes.has(mode));
  const disabled = !MODES.some(({ mode }) => may(mode));
  const isWorld = tools.space.value === 'world';
  return (
    <div class="tool-picker" role="toolbar" aria-label="Gizmo">
      <div class="segments">
        {MODES.map(({ mode, label, key }) => (
          <IconButton
            key={mode}
            icon={mode}
            label={label}
            shortcut={key}
            disabled={!may(mode)}
            pressed={may(mode) && tools.mode.value === mode}
            onClick={() => {
              tools.mode.value = mode;
            }}
          />
        ))}
      </div>
      <IconButton
        icon={isWorld ? 'world' : 'local'}
        label={isWorld ? 'Axes of the world' : 'Axes of the object'}
        shortcut="X"
        disabled={disabled}
        onClick={() => tools.toggleSpace()}
      >
        {isWorld ? 'World' : 'Local'}
      </IconButton>
      <IconButton
        icon="magnet"
        label={`Snap to ${SNAP_METRES} m and ${SNAP_DEGREES}°; hold Ctrl for a moment's snapping`}
        shortcut="S"
        disabled={disabled}
        pressed={!disabled && tools.snap.value}
        onClick={() => tools.toggleSnap()}
      />
    </div>
  );
}
