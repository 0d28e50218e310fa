export { clientIdOf } from './client-id.ts';
export { DocumentError, type DocumentErrorCode } from './document-error.ts';
export {
  MAX_CONTENT_DEPTH,
  MAX_DOCUMENT_CLOCK,
  MAX_DOCUMENT_STRUCTS,
  MAX_MERGE_STEPS,
  MAX_MERGE_STRUCTS,
  MAX_MESSAGE_STEPS,
  MAX_MESSAGE_STRUCTS,
  MAX_UPDATE_BYTES,
} from './limits.ts';
export { SLOT_REST_MS } from './merge/choose-slot.ts';
export { lackingParts, lackingUpdate } from './merge/lacking.ts';
export { type ContributionProblem, documentOf, mergeContributions } from './merge/merge-contributions.ts';
export { type ContributionNeed, nextContribution } from './merge/next-contribution.ts';
export type { AwarenessState, DocumentHost, DocumentLane } from './open/document-host.ts';
export { RESCUE_MS, SAVE_MAX_MS, SAVE_REST_MS } from './open/document-saver.ts';
export type { DocumentStatus } from './open/document-status.ts';
export { type DocumentHandle, Documents } from './open/documents.ts';
export {
  decodeSyncMessage,
  type EpochMessage,
  encodeSyncMessage,
  type SyncMessage,
} from './sync/sync-message.ts';
export { type Integrated, type IntegrateOptions, integrate } from './update/integrate.ts';
export { type ScanLimits, scanUpdate, type UpdateFacts } from './update/scan-update.ts';
export { readUpdate, splitUpdate, type UpdateParts, writeUpdate } from './update/write-update.ts';
