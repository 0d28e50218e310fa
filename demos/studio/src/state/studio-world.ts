import type { EnterOptions, Me, World, WorldModels, WorldMotion, WorldPresence } from '@weft/world';

/** What studio uses of an own avatar. */
export type StudioMe = Pick<
  Me,
  | 'status'
  | 'seat'
  | 'carries'
  | 'lastPose'
  | 'pose'
  | 'grab'
  | 'carry'
  | 'release'
  | 'sit'
  | 'stand'
  | 'on'
  | 'leave'
>;

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
  | 'check'
  | 'undo'
  | 'redo'
  | 'skipRefused'
  | 'restore'
  | 'canUndo'
  | 'canRedo'
  | 'on'
  | 'assets'
  | 'importGlb'
  | 'publish'
  | 'close'
> & {
  readonly models: Pick<WorldModels, 'explode' | 'export'>;
  readonly presence: Pick<WorldPresence, 'others' | 'set'>;
  readonly motion: Pick<WorldMotion, 'avatars' | 'moving' | 'transformAt' | 'look' | 'sitterOf' | 'holderOf'>;
  enter(options?: EnterOptions): Promise<StudioMe>;
};
