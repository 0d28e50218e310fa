import type { OptimisedModel } from '../optimise/optimise-model.ts';
import type { OptimiseOptions } from '../optimise/optimise-options.ts';
import type { ModelReport } from '../report/model-report.ts';
import type { DrawnModel, ModelToDraw } from '../thumbnail/draw-model.ts';

/** The heavy work on models, away from whoever draws frames: each call ends by its deadline, or when it is given up. */
export interface Workshop {
  /** @throws AssetError `timed-out`, `aborted`, `unreadable` where the validator fails */
  validate(glb: Uint8Array, options: WorkOptions): Promise<ModelReport>;
  /** @returns as `optimiseModel`. @throws AssetError as `validate` */
  optimise(
    glb: Uint8Array,
    how: OptimiseOptions,
    extensionsUsed: readonly string[],
    options: WorkOptions,
  ): Promise<OptimisedModel | null>;
  /** @returns as `drawModel`, within `MAX_THUMBNAIL_MS`. @throws AssetError as `validate` */
  draw(model: ModelToDraw, options: WorkOptions): Promise<DrawnModel>;
}

export interface WorkOptions {
  readonly signal: AbortSignal;
}

/** What one piece of work may take, in ms; a model at the bounds takes a third of it. */
export const MAX_WORK_MS = 120_000;

/** A piece of work as it goes to a worker, and back. */
export type Work =
  | { readonly work: 'validate'; readonly glb: Uint8Array }
  | {
      readonly work: 'optimise';
      readonly glb: Uint8Array;
      readonly how: OptimiseOptions;
      readonly extensionsUsed: readonly string[];
    }
  | { readonly work: 'draw'; readonly model: ModelToDraw };
export type Worked =
  | { readonly work: 'validate'; readonly report: ModelReport }
  | { readonly work: 'optimise'; readonly model: OptimisedModel | null }
  | { readonly work: 'draw'; readonly drawn: DrawnModel }
  | { readonly work: 'failed'; readonly why: string };
