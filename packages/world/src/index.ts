export {
  type AssetCache,
  AssetError,
  type AssetErrorCode,
  type AssetKind,
  type AssetLoading,
  type AssetRef,
  type Box,
  checkGlb,
  type DrawThumbnail,
  type ExportedGlb,
  type ExportGlbOptions,
  type ExportProgress,
  type FailedAttempt,
  fileOf,
  type GlbInfo,
  imageOf,
  type LoadedAsset,
  type LoadOptions,
  MAX_ASSET_BYTES,
  type ModelFinding,
  type ModelReport,
  meshOf,
  type OptimiseOptions,
  type PublishedAsset,
  type PublishProgress,
  type Savings,
  type StoredFile,
} from '@weft/assets';
export type {
  ChangeSet,
  ClaimedAuthors,
  ComponentChanges,
  ComponentMap,
  ComponentWrites,
  DiffSide,
  EditDraft,
  Filter,
  LiveChange,
  LiveDelta,
  LiveQueryForm,
  NewObject,
  ObjectId,
  ObjectQuery,
  Origin,
  Patch,
  Path,
  Place,
  QueryOptions,
  QueryPlan,
  QueryResult,
  QueryRow,
  Readable,
  Restored,
  SceneObject,
  Stage,
  UserId,
  Value,
  Within,
  WorldDiff,
} from '@weft/core';
export { parseObjectId, parsePath, ROOT, WeftError } from '@weft/core';
export type { DocumentHandle, DocumentStatus } from '@weft/document';
export {
  HomeserverError,
  type InviteRelayOptions,
  type LogChange,
  type LogChangeKind,
  type LogEntry,
  type Role,
  type RoomId,
} from '@weft/matrix';
export {
  type AvatarModel,
  type AvatarState,
  type MoverPose,
  type PartPose,
  type RelayTransport,
  relayTransport,
} from '@weft/protocol';
export type { AssetOptions } from './assets/open-assets.ts';
export type { UploadedAsset, UploadOptions } from './assets/upload.ts';
export type { Avatar } from './avatar/avatar.ts';
export type { LostGrip } from './avatar/grip.ts';
export type { Me, MeEvents, MeStatus } from './avatar/me.ts';
export type { Unseated } from './avatar/sitting.ts';
export type { SpawnPlace } from './avatar/spawn-place.ts';
export type { EnterOptions, WorldMotion } from './avatar/world-motion.ts';
export { type CreateWorldOptions, createWorld, type NewWorld } from './create-world.ts';
export type { Edit } from './edits.ts';
export {
  type CreateWorldFromOptions,
  createWorldFrom,
  type WorldFromFile,
  type WorldOfFile,
} from './file/create-from-file.ts';
export type { FileSource } from './file/file-source.ts';
export type { Imported, ImportOptions } from './file/import-file.ts';
export { openFile, WorldFile } from './file/open-file.ts';
export type { FileFormat } from './file/write-file.ts';
export { type MomentTime, momentMs } from './history/moment-time.ts';
export type { RestoreRequest } from './history/restore-request.ts';
export type { HistoryOptions, LogOptions, WorldLog } from './history/world-history.ts';
export { WorldMoment } from './history/world-moment.ts';
export type { KeepOption } from './keep/place.ts';
export type { WorldEvent } from './lane/lane-event.ts';
export type { Lane } from './lane/lanes.ts';
export type { Route } from './lane/route.ts';
export type { WorldSaid } from './lane/world-chat.ts';
export { type ListWorldsOptions, listWorlds, type WorldEntry } from './list-worlds.ts';
export type { Live, LiveEvents } from './live.ts';
export type { WorldLogin } from './login.ts';
export type { ExplodedImport, ExplodeGlbOptions, StoreExplodedOptions } from './model/explode-glb.ts';
export type { ImportGlbOptions } from './model/import-glb.ts';
export type { PublishFileOptions } from './model/publish.ts';
export type { ReadThirdRoomOptions, ThirdRoomWorld } from './model/third-room.ts';
export type { ImportThirdRoomOptions, WorldModels } from './model/world-models.ts';
export { type OpenWorldOptions, openWorld } from './open-world.ts';
export type { Person } from './people.ts';
export type { Presence, PresenceState, WorldPresence } from './presence/world-presence.ts';
export type { Problem } from './problems.ts';
export type { WorldStatus } from './status.ts';
export {
  type ClonedWorld,
  type CloneOptions,
  type CloneWorldOptions,
  cloneWorld,
} from './upgrade/clone-world.ts';
export {
  type UpgradedWorld,
  type UpgradeStep,
  type UpgradeWorldOptions,
  upgradeWorld,
} from './upgrade/upgrade-world.ts';
export type { World } from './world.ts';
export type { LostValue, Superseded, WorldChange, WorldEvents } from './world-events.ts';
export type { CheckedEdit, CloseOptions, EditOptions, ExportOptions } from './world-options.ts';
