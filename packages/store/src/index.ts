export { MAX_RECORD_BYTES, MAX_RECORD_KEY_BYTES } from './limits.ts';
export type { MediumChange, RecordMedium } from './record-medium.ts';
export { RecordStore } from './record-store.ts';
export type { CreateSha256, Sha256 } from './sealed-record.ts';
export {
  busyStore,
  STORE_ADVICE,
  StoreError,
  type StoreErrorCode,
  type StoreErrorDetails,
  storeErrorOf,
} from './store-error.ts';
export type { StoreChange, StorePlace, WorldStore } from './world-store.ts';
