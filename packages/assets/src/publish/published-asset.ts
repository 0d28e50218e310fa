import type { AssetError } from '../asset-error.ts';
import type { Box } from '../gltf/bounds.ts';
import type { AssetScheme } from '../reference/address.ts';
import type { AssetRef } from '../reference/asset-ref.ts';
import type { FileKind } from './file-kind.ts';
import type { ModelReport } from './report/model-report.ts';

/** A file that is stored where it was asked for: a reference that verifies, and what was learnt on the way. */
export interface PublishedAsset extends AssetRef {
  readonly sha256: string;
  readonly bytes: number;
  readonly type: string;
  readonly alt: readonly string[];
  readonly kind: FileKind;
  /** Of a model at rest, in metres; `null` for other files, and for a model that draws nothing. */
  readonly bounds: Box | null;
  /** A small picture of it, stored beside it; `null` where none could be made, for which `notes` has the reason. */
  readonly thumbnail: AssetRef | null;
  /** What the Khronos validator says; `null` for other files than models. */
  readonly report: ModelReport | null;
  /** What optimising brought; `null` where it was not asked for. */
  readonly savings: Savings | null;
  /** Where it was to be stored and is not; it is stored elsewhere. */
  readonly failed: readonly FailedStore[];
  /** What its publisher should know, as sentences. */
  readonly notes: readonly string[];
}

export interface Savings {
  readonly beforeBytes: number;
  readonly afterBytes: number;
  /** Whether the optimised file is the one that was published. */
  readonly isKept: boolean;
  /** As a sentence. */
  readonly why: string;
}

export interface FailedStore {
  readonly to: AssetScheme;
  readonly error: AssetError;
}

/** What is being done. Each sink tells of itself; they work at once. */
export type PublishProgress =
  | { readonly step: 'validate' | 'optimise' | 'picture' }
  | { readonly step: 'store'; readonly to: AssetScheme; readonly bytes: number }
  /** Some of it has left; only told by places that know. */
  | {
      readonly step: 'sending';
      readonly to: AssetScheme;
      readonly sentBytes: number;
      readonly bytes: number;
    }
  | { readonly step: 'stored'; readonly to: AssetScheme; readonly src: string }
  | { readonly step: 'failed'; readonly to: AssetScheme; readonly error: AssetError };
