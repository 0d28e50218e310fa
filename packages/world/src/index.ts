export type {
  ChangeSet,
  ComponentChanges,
  ComponentMap,
  ComponentWrites,
  EditDraft,
  Filter,
  NewObject,
  ObjectId,
  ObjectQuery,
  Origin,
  Path,
  Place,
  QueryPlan,
  QueryResult,
  SceneObject,
  Stage,
  UserId,
  Value,
  Within,
} from '@weft/core';
export { parseObjectId, parsePath, ROOT, WeftError } from '@weft/core';
export { HomeserverError, type Role, type RoomId } from '@weft/matrix';
export { AssetError, type AssetErrorCode } from './asset-error.ts';
export { type AssetRef, type FetchAssetOptions, MAX_ASSET_BYTES, type UploadOptions } from './assets.ts';
export { type CreateWorldOptions, createWorld, type NewWorld } from './create-world.ts';
export type { Edit } from './edits.ts';
export type { Box } from './glb/bounds.ts';
export { checkGlb, type GlbInfo } from './glb/glb.ts';
export type { ImportGlbOptions } from './import-glb.ts';
export { type ListWorldsOptions, listWorlds, type WorldEntry } from './list-worlds.ts';
export type { WorldLogin } from './login.ts';
export { type OpenWorldOptions, openWorld } from './open-world.ts';
export type { Person } from './people.ts';
export type { Problem } from './problems.ts';
export type { Readable } from './readable.ts';
export type { WorldStatus } from './status.ts';
export type { CloseOptions, EditOptions, World } from './world.ts';
export type { WorldEvents } from './world-events.ts';
