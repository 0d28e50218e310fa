import type { EditDraft, SceneObject } from '@weft/core';
import { textOf } from './complaint.ts';
import type { GizmoMode } from './tools.ts';
import type { TransformPatch } from './transform-patch.ts';

/** Larger selections are not tried out: a drag that is refused is told then. */
export const MAX_TRIED_OBJECTS = 50;
const A_LITTLE = 0.001;

/** What the gizmo may do with the selection, and why not the rest. */
export interface Movable {
  readonly modes: ReadonlySet<GizmoMode>;
  /** Why it cannot be moved, or not be scaled; `null` where everything can be done, or nothing is selected. */
  readonly why: string | null;
}

export const FREELY: Movable = { modes: new Set(['move', 'rotate', 'scale']), why: null };
const NOT_AT_ALL: ReadonlySet<GizmoMode> = new Set();

/**
 * Tries out small moves of objects, with the checks that an edit has: role, owner, lock, rules, and whether there is a relay
 * to bring it to the room for a visitor.
 *
 * @param check throws what an edit would
 */
export function movableBy(
  check: (fn: (draft: EditDraft) => void) => unknown,
  objects: readonly SceneObject[],
): Movable {
  if (objects.length === 0 || objects.length > MAX_TRIED_OBJECTS) return FREELY;
  const reasons = new Map<GizmoMode, string>();
  for (const mode of FREELY.modes) {
    const reason = reasonOf(check, objects, mode);
    if (reason !== null) reasons.set(mode, reason);
  }
  if (reasons.size === 0) return FREELY;
  const modes = new Set([...FREELY.modes].filter((mode) => !reasons.has(mode)));
  const why = reasons.get('move') ?? reasons.get('scale') ?? reasons.get('rotate') ?? null;
  return { modes: modes.size === 0 ? NOT_AT_ALL : modes, why };
}

function reasonOf(
  check: (fn: (draft: EditDraft) => void) => unknown,
  objects: readonly SceneObject[],
  mode: GizmoMode,
): string | null {
  try {
    check((draft) => {
      for (const object of objects) draft.set(object.id, { transform: nudged(object, mode) });
    });
    return null;
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    return textOf(error, 'hint') ?? error.message;
  }
}

/** Another value than it has: what stays as it is needs no right. */
function nudged({ transform }: SceneObject, mode: GizmoMode): TransformPatch {
  const { position = [0, 0, 0], rotation = [0, 0, 0, 1], scale = [1, 1, 1] } = transform ?? {};
  switch (mode) {
    case 'move':
      return { position: [position[0] + A_LITTLE, position[1], position[2]] };
    case 'rotate':
      return { rotation: rotation[1] === 0 ? [0, 1, 0, 0] : [0, 0, 0, 1] };
    case 'scale':
      return { scale: [scale[0] + A_LITTLE, scale[1], scale[2]] };
  }
}
