export { fromBase64Url, toBase64Url } from './base64url.ts';
export { type DecodedFile, type DecodeOptions, decodePatch } from './binary/decode.ts';
export { type DecodeProgress, type DecodeStreamOptions, decodePatchStream } from './binary/decode-stream.ts';
export { encodePatch } from './binary/encode.ts';
export type { FileInfo } from './binary/file-info.ts';
export { type ContentsByKey, type FilePolicy, MAX_FILE_POLICY_BYTES } from './binary/file-policy.ts';
export { MAX_BLOB_BYTES, MAX_BLOB_OBJECTS, MAX_BLOB_REGISTERS } from './binary/limits.ts';
export type { Inflate, NativeDecoding, Sha256 } from './binary/native-decoding.ts';
export {
  type ObjectJson,
  type PatchJson,
  patchFromJson,
  patchToJson,
  type RegisterJson,
} from './binary/patch-json.ts';
export type { AdmittedPatch } from './carrier/admit.ts';
export {
  decodeBlob,
  type EncodedBlob,
  encodeBlob,
  type ReadBlobOptions,
  readBlob,
  sha256HexOf,
  verifyBlob,
} from './carrier/blob.ts';
export {
  type BlobPointer,
  type BlobScheme,
  type BlobSource,
  isBlobSource,
  isSha256Hex,
  type Sha256Hex,
  schemeOf,
} from './carrier/blob-pointer.ts';
export { decodeBundle, encodeBundle, encodeBundlePointer } from './carrier/bundle.ts';
export type { CarrierEvent, DecodedBundle } from './carrier/carrier-event.ts';
export { type DecodedLayer, decodeLayer, encodeLayer, type LayerParts } from './carrier/layer.ts';
export {
  BUNDLE_SLOTS,
  LAYER_SLOTS,
  MAX_BLOB_SOURCE_CHARACTERS,
  MAX_BLOB_SOURCES,
  MAX_BUNDLE_INFLATED_BYTES,
  MAX_BUNDLE_OBJECTS,
  MAX_BUNDLE_REGISTERS,
  MAX_CONTENT_BYTES,
} from './carrier/limits.ts';
export type { ContentBound, EncodedContent } from './carrier/packed-content.ts';
export { decodePersonal, encodePersonal } from './carrier/personal.ts';
export { purgeNamed } from './carrier/purge-named.ts';
export {
  isPersonalObjectOf,
  parseWriterKey,
  type WriterHash,
  type WriterKey,
  type WriterSlot,
  writerHashOf,
  writerKey,
} from './carrier/writer-key.ts';
export { hexFromLinear, type LinearColour, linearFromHex } from './components/colour.ts';
export type { ComponentDefinition, PropertySchemas } from './components/component.ts';
export {
  type ComponentReading,
  type CustomComponent,
  customFieldsOf,
  decodeComponentEvent,
  MAX_CUSTOM_COMPONENTS,
} from './components/custom-component.ts';
export { type FieldDescription, fieldsOf } from './components/fields.ts';
export { type EditorKind, MAX_COORDINATE_METRES, MAX_THUMBNAIL_BYTES } from './components/property.ts';
export {
  type Audio,
  COMPONENTS,
  type ComponentMap,
  type ComponentName,
  type ComponentPatchMap,
  type Document,
  type Image,
  type Interact,
  isBuiltIn,
  type Light,
  type Link,
  type Material,
  type Mesh,
  type Node,
  type Physics,
  type Portal,
  type Primitive,
  type Seat,
  type Sky,
  type Spawn,
  type Text,
  type Transform,
  type Video,
} from './components/registry.ts';
export { readComponent, unknownProperty, validateComponent } from './components/validate.ts';
export { type DiffSide, diff, isEmptyDiff, type PropertyChange, type WorldDiff } from './diff/diff.ts';
export { readScene } from './diff/read-scene.ts';
export { sceneHash } from './diff/scene-hash.ts';
export { composeContribution, composeEpoch } from './document/compose-contribution.ts';
export { type Contribution, contributionsOf, documentEpoch, slotStamp } from './document/contribution.ts';
export {
  MAX_CONTRIBUTION_BYTES,
  MAX_DOCUMENT_SLOTS,
  MAX_SLOT_PARTS,
  SLOT_PART_BYTES,
} from './document/limits.ts';
export { EPOCH_PATH, type SlotPlace, slotPath, slotPlaceOf } from './document/slot-path.ts';
export {
  type Change,
  canEdit,
  changesIn,
  type EditAccess,
  OCCUPANT_PATH,
  type Refusal,
  ROLE_LEVELS,
  type Role,
  roleOf,
  type WrittenObject,
} from './edit/access.ts';
export { checkSize } from './edit/check-size.ts';
export {
  accessRefusal,
  type ComposedEdit,
  checkAccess,
  composeEdit,
  MAX_EDIT_OBJECTS,
  type Synchronous,
} from './edit/compose.ts';
export { type CopiedScene, copyScene } from './edit/copy.ts';
export {
  type ComponentChanges,
  type ComponentWrites,
  EditDraft,
  type NewObject,
  type Place,
} from './edit/draft.ts';
export { History, MAX_UNDO_STEPS, type Turn } from './edit/history.ts';
export { idOfKey } from './edit/key.ts';
export { type ComposedMerge, composeMerge, type MergeTarget } from './edit/merge.ts';
export { MAX_ORDER_KEY_BYTES } from './edit/order.ts';
export { composeRestore, type Restored, type RestoreOptions, type RestoreTarget } from './edit/restore.ts';
export type { EditSource } from './edit/source.ts';
export {
  unreachable,
  WeftError,
  type WeftErrorCode,
  type WeftErrorDetails,
  type WhoCanFix,
} from './errors.ts';
export { type DecodedObjectEvent, decodeObjectEvent, type ObjectEvent } from './event/decode.ts';
export { encodeObjectEvent, type ObjectEventParts } from './event/encode.ts';
export { type EventContent, isEventContent } from './event/event-json.ts';
export type { IntakeProblem } from './event/intake-problem.ts';
export { MAX_OBJECT_COMPONENTS, MAX_OBJECT_EVENT_BYTES } from './event/limits.ts';
export { redactionMs } from './event/redaction-ms.ts';
export { forgetOldest } from './forget-oldest.ts';
export {
  type ActorId,
  actorOfUser,
  type Branded,
  componentOf,
  FORBIDDEN_NAMES,
  isActorId,
  isComponentName,
  isObjectId,
  isPersonalObjectId,
  isPropertyName,
  isUserId,
  newActorId,
  newObjectId,
  type ObjectId,
  type Path,
  parseObjectId,
  parsePath,
  parseUserId,
  pathOf,
  propertyOf,
  type RandomBytes,
  RESERVED_COMPONENT,
  ROOT,
  readPath,
  type UserId,
} from './ids.ts';
export { Actors, MAX_KNOWN_ACTORS } from './intake/actors.ts';
export type { Author } from './intake/author.ts';
export { checkPermission } from './intake/check-permission.ts';
export { Intake, type IntakeOptions, type IntakeRefusal, MAX_REFUSALS } from './intake/intake.ts';
export { mayStillWrite } from './intake/may-still-write.ts';
export { passes } from './intake/passes.ts';
export { joinBytes } from './join-bytes.ts';
export { coalesce, isEmptyDelta, type LiveChange, type LiveDelta } from './live/delta.ts';
export { MAX_QUEUED_DELTAS } from './live/delta-queue.ts';
export { LiveQuery, type LiveQueryForm } from './live/live-query.ts';
export { type Backoff, backoffMs } from './ports/backoff.ts';
export { Emitter, type EmitterOptions } from './ports/emitter.ts';
export type { Network } from './ports/network.ts';
export { Cell, type Readable, sameFields, sameRecords } from './ports/readable.ts';
export { fraction, type Stop, type Timers } from './ports/timers.ts';
export { MAX_QUERY_CONDITIONS, MAX_QUERY_COST, MAX_QUERY_RESULTS } from './query/limits.ts';
export type { Filter, FilterOperators, ObjectQuery, Within } from './query/object-query.ts';
export { type QueryOptions, query } from './query/query.ts';
export type { QueryPlan, QueryResult, QueryRow } from './query/query-result.ts';
export { type ActorClaims, actorClaims, MAX_ACTORS, MAX_CLAIMS_PER_ACTOR } from './register/actors.ts';
export { join } from './register/join.ts';
export { latestTime } from './register/latest-times.ts';
export {
  emptyPatch,
  entriesOf,
  type ObjectPatch,
  type Patch,
  type PatchParts,
  patchOf,
  type RegisterEntry,
} from './register/patch.ts';
export { compareRegisters, isSameRegister, newest, type Register } from './register/register.ts';
export { RegisterStore } from './register/register-store.ts';
export { splitAt } from './replica/ahead.ts';
export { authorsOf, authorsOfChange, type ClaimedAuthors } from './replica/authors.ts';
export { layersOf } from './replica/layers.ts';
export { MAX_LIVE_ACTORS } from './replica/live.ts';
export {
  MAX_RECENT_EVENTS,
  MAX_RETRACTED_EVENTS,
  type PatchSource,
  RECENT_MS,
  type SourcedPatch,
} from './replica/provenance.ts';
export { MAX_QUARANTINED } from './replica/quarantine.ts';
export { entriesIn, type ObjectRegisters, type Refuser } from './replica/refused.ts';
export { MAX_RELAYED } from './replica/relayed.ts';
export { type Released, Replica } from './replica/replica.ts';
export type { RoomState, Settled } from './replica/settled.ts';
export type { Stage } from './replica/stage.ts';
export { decodeRuleEvent, encodeRuleEvent, type RuleReading } from './rules/decode-rule.ts';
export { type NamedEvent, readComponentEvents, readRuleEvents } from './rules/read-events.ts';
export {
  MAX_RULES,
  RULE_SCHEMAS,
  type Rule,
  type RuleContent,
  type RuleKind,
  type RuleMatch,
} from './rules/rule.ts';
export type { IsSealed } from './rules/rule-set.ts';
export type { Box, Point } from './scene/box.ts';
export { type ChangeSet, isEmptyChange, type Origin } from './scene/change-set.ts';
export type { ReadRegisters, Registers } from './scene/facts.ts';
export { plainComponents, worldPosition } from './scene/plain-object.ts';
export type { Mat4 } from './scene/pose.ts';
export type { SceneProblem } from './scene/problem.ts';
export { type ReducedScene, reduceAll } from './scene/reduce-all.ts';
export { Reduction } from './scene/reduction.ts';
export type { IndexName, Scene } from './scene/scene.ts';
export { SceneObject } from './scene/scene-object.ts';
export type { ScenePolicy } from './scene/scene-policy.ts';
export { MAX_DEPTH } from './scene/tree.ts';
export { HybridClock, MAX_CLOCK_LEAD_MS, QUARANTINE_LEAD_MS, quarantineHorizon } from './stamp/clock.ts';
export {
  compareStamps,
  isTime,
  MAX_TIME_TICKS,
  msOf,
  parseTime,
  type Stamp,
  TICKS_PER_MS,
  type Time,
  timeFromMs,
} from './stamp/stamp.ts';
export { canonicalJson, compareValues } from './value/canonical.ts';
export { isValue, normaliseValue, readValue } from './value/normalise.ts';
export { compareUtf8, utf8Length } from './value/utf8.ts';
export { isList, MAX_VALUE_BYTES, MAX_VALUE_DEPTH, type Value } from './value/value.ts';
export { decodeWireValue, encodeWireValue } from './value/wire.ts';
