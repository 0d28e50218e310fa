import type { World, WorldPresence } from '@weft/world';

/** What studio uses of a world; a test may hand it anything that has this. */
export type StudioWorld = Pick<
  World,
  | 'room'
  | 'userId'
  | 'title'
  | 'status'
  | 'people'
  | 'problems'
  | 'get'
  | 'children'
  | 'objects'
  | 'ids'
  | 'stage'
  | 'edit'
  | 'undo'
  | 'redo'
  | 'skipRefused'
  | 'restore'
  | 'canUndo'
  | 'canRedo'
  | 'on'
  | 'assets'
  | 'importGlb'
  | 'close'
> & { readonly presence: Pick<WorldPresence, 'others' | 'set'> };
