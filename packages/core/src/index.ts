export {
  unreachable,
  WeftError,
  type WeftErrorCode,
  type WeftErrorDetails,
  type WhoCanFix,
} from './errors.ts';
export {
  type ActorId,
  actorOfUser,
  type Branded,
  componentOf,
  FORBIDDEN_NAMES,
  isActorId,
  isComponentName,
  isObjectId,
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
  toBase64Url,
  type UserId,
} from './ids.ts';
export { type ActorClaims, MAX_ACTORS, MAX_CLAIMS_PER_ACTOR } from './register/actors.ts';
export { join } from './register/join.ts';
export {
  emptyPatch,
  entriesOf,
  type ObjectPatch,
  type Patch,
  type PatchParts,
  patchOf,
  type RegisterEntry,
} from './register/patch.ts';
export { compareRegisters, newest, type Register } from './register/register.ts';
export { RegisterStore } from './register/register-store.ts';
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
