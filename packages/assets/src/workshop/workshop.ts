import type { ObjectId } from '@weft/core';
import type { ExportedGlb } from '../export/export-source.ts';
import type { GatheredScene, LoadedModel } from '../export/gathered-scene.ts';
import type { ObjectCopy } from '../export/object-copy.ts';
import type { ExplodedModel } from '../import/exploded-model.ts';
import type { OptimisedModel } from '../publish/optimise/optimise-model.ts';
import type { OptimiseOptions } from '../publish/optimise/optimise-options.ts';
import type { ModelReport } from '../publish/report/model-report.ts';
import type { DrawnModel, ModelToDraw } from '../publish/thumbnail/draw-model.ts';
import type { Refusal } from './refusal.ts';

/**
 * The heavy work on models, away from whoever draws frames: each call ends by its deadline, or when it is given up. `MAX_WORKERS` work at
 * once in one program; what is more waits, and its time begins with its turn.
 */
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
  /** @returns as `explodeGlb`; what Draco compressed is undone. @throws AssetError `timed-out`, `aborted`, and as `explodeGlb` */
  explode(glb: Uint8Array, name: string | undefined, options: ToldWorkOptions): Promise<ExplodedModel>;
  /** @returns as `writeGlb`; what Draco compressed is undone. @throws AssetError `timed-out`, `aborted`, and as `writeGlb` */
  writeGlb(scene: GatheredScene, options: ToldWorkOptions): Promise<ExportedGlb>;
}

export interface WorkOptions {
  readonly signal: AbortSignal;
}

export interface ToldWorkOptions extends WorkOptions {
  readonly onProgress: TellProgress;
}

export type TellProgress = (done: number, total: number) => void;

/** What one piece of work may take, in ms; a model at the bounds takes a third of it. */
export const MAX_WORK_MS = 120_000;
/** Workers at one time in one program: each may hold several times its model. */
export const MAX_WORKERS = 2;
/** Objects copied for a worker at one time, so that no frame waits for a whole world. */
export const PART_OBJECTS = 250;

/** A piece of work as it goes to a worker, and back. */
export type Work =
  | { readonly work: 'validate'; readonly glb: Uint8Array }
  | {
      readonly work: 'optimise';
      readonly glb: Uint8Array;
      readonly how: OptimiseOptions;
      readonly extensionsUsed: readonly string[];
    }
  | { readonly work: 'draw'; readonly model: ModelToDraw }
  | { readonly work: 'explode'; readonly glb: Uint8Array; readonly name: string | undefined }
  /** Its models and objects follow in parts. */
  | { readonly work: 'write'; readonly title: string; readonly placed: ReadonlySet<ObjectId> };
export type WorkPart =
  | { readonly part: 'model'; readonly key: string; readonly model: LoadedModel }
  | { readonly part: 'objects'; readonly objects: readonly ObjectCopy[] }
  | { readonly part: 'end' };
export type Worked =
  | { readonly work: 'validate'; readonly report: ModelReport }
  | { readonly work: 'optimise'; readonly model: OptimisedModel | null }
  | { readonly work: 'draw'; readonly drawn: DrawnModel }
  | { readonly work: 'explode'; readonly exploded: ExplodedModel }
  | { readonly work: 'write'; readonly exported: ExportedGlb }
  | { readonly work: 'failed'; readonly why: string; readonly refusal: Refusal | null };

/** How far it is. */
export interface Told {
  readonly work: 'told';
  readonly done: number;
  readonly total: number;
}
