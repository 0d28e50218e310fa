import type { Timers } from '@weft/core';
import { AssetError } from '../asset-error.ts';
import type { ExportedGlb } from '../export/export-source.ts';
import type { GatheredScene } from '../export/gathered-scene.ts';
import { copyOf } from '../export/object-copy.ts';
import type { ExplodedModel } from '../import/exploded-model.ts';
import type { OptimisedModel } from '../publish/optimise/optimise-model.ts';
import type { OptimiseOptions } from '../publish/optimise/optimise-options.ts';
import type { ModelReport } from '../publish/report/model-report.ts';
import type { DrawnModel, ModelToDraw } from '../publish/thumbnail/draw-model.ts';
import { MAX_THUMBNAIL_MS } from '../publish/thumbnail/limits.ts';
import { errorOf } from './refusal.ts';
import type { EndTurn, Turns } from './turns.ts';
import {
  MAX_WORK_MS,
  PART_OBJECTS,
  type TellProgress,
  type ToldWorkOptions,
  type Work,
  type Worked,
  type WorkOptions,
  type WorkPart,
  type Workshop,
} from './workshop.ts';

/** A worker for one piece of work, of a browser or of Node. */
export interface Hand {
  /** Resolves with what came back; rejects where the worker dies. */
  readonly done: Promise<Worked>;
  /** Hands it the next part of work that comes in parts. */
  give(part: WorkPart): void;
  /** Ends the worker at once, whatever it is at. */
  dismiss(): void;
}

/** @param tell told how far the worker is, where it says so */
export type Hire = (work: Work, tell: TellProgress) => Hand;

interface Course {
  readonly signal: AbortSignal;
  readonly maxMs?: number;
  readonly onProgress?: TellProgress;
  readonly parts?: Iterable<WorkPart>;
}

/** A workshop that takes a new worker for each piece of work, so that nothing of one file is left when the next comes. */
export class HiredWorkshop implements Workshop {
  readonly #hire: Hire;
  readonly #timers: Pick<Timers, 'after'>;
  readonly #turns: Turns;

  /** @param turns of all workshops of a program together */
  constructor(hire: Hire, timers: Pick<Timers, 'after'>, turns: Turns) {
    this.#hire = hire;
    this.#timers = timers;
    this.#turns = turns;
  }

  async validate(glb: Uint8Array, { signal }: WorkOptions): Promise<ModelReport> {
    const worked = await this.#work({ work: 'validate', glb }, 'validate the model', { signal });
    if (worked.work === 'validate') return worked.report;
    throw failureOf('validate the model', worked);
  }

  async optimise(
    glb: Uint8Array,
    how: OptimiseOptions,
    extensionsUsed: readonly string[],
    { signal }: WorkOptions,
  ): Promise<OptimisedModel | null> {
    const work = { work: 'optimise', glb, how, extensionsUsed } as const;
    const worked = await this.#work(work, 'optimise the model', { signal });
    if (worked.work === 'optimise') return worked.model;
    throw failureOf('optimise the model', worked);
  }

  async draw(model: ModelToDraw, { signal }: WorkOptions): Promise<DrawnModel> {
    const course = { signal, maxMs: MAX_THUMBNAIL_MS };
    const worked = await this.#work({ work: 'draw', model }, 'draw the model', course);
    if (worked.work === 'draw') return worked.drawn;
    throw failureOf('draw the model', worked);
  }

  async explode(glb: Uint8Array, name: string | undefined, options: ToldWorkOptions): Promise<ExplodedModel> {
    const what = `take ${name ?? 'the model'} apart`;
    const worked = await this.#work({ work: 'explode', glb, name }, what, options);
    if (worked.work === 'explode') return worked.exploded;
    throw failureOf(what, worked);
  }

  async writeGlb(scene: GatheredScene, options: ToldWorkOptions): Promise<ExportedGlb> {
    const { title, placed } = scene;
    const course = { ...options, parts: partsOf(scene) };
    const worked = await this.#work({ work: 'write', title, placed }, 'write one GLB', course);
    if (worked.work === 'write') return worked.exported;
    throw failureOf('write one GLB', worked);
  }

  async #work(work: Work, what: string, course: Course): Promise<Worked> {
    const end = await this.#turn(what, course.signal);
    try {
      return await this.#workNow(work, what, course);
    } finally {
      end();
    }
  }

  async #turn(what: string, signal: AbortSignal): Promise<EndTurn> {
    try {
      return await this.#turns.take(signal);
    } catch {
      throw givenUp(what);
    }
  }

  async #workNow(work: Work, what: string, course: Course): Promise<Worked> {
    const { signal, maxMs = MAX_WORK_MS, onProgress = () => undefined, parts = [] } = course;
    if (signal.aborted) throw givenUp(what);
    const hand = this.#hire(work, onProgress);
    const ended = Promise.withResolvers<never>();
    const giveUp = () => ended.reject(givenUp(what));
    signal.addEventListener('abort', giveUp, { once: true });
    const cancel = this.#timers.after(maxMs, () => ended.reject(tooSlow(what, maxMs)));
    try {
      return await Promise.race([this.#giveAll(hand, parts, ended.promise), ended.promise]);
    } catch (error) {
      throw error instanceof AssetError ? error : failed(what, String(error));
    } finally {
      cancel();
      signal.removeEventListener('abort', giveUp);
      hand.dismiss();
    }
  }

  /** One part a turn: whoever draws frames draws them in between. */
  async #giveAll(hand: Hand, parts: Iterable<WorkPart>, ended: Promise<never>): Promise<Worked> {
    for (const part of parts) {
      hand.give(part);
      const turn = new Promise<null>((next) => this.#timers.after(0, () => next(null)));
      const early = await Promise.race([turn, hand.done, ended]);
      if (early !== null) return early;
    }
    return hand.done;
  }
}

function* partsOf({ models, objects, placed }: GatheredScene): Generator<WorkPart> {
  for (const [key, model] of models) yield { part: 'model', key, model };
  for (let at = 0; at < objects.length; at += PART_OBJECTS) {
    const some = objects.slice(at, at + PART_OBJECTS);
    yield { part: 'objects', objects: some.map((object) => copyOf(object, placed)) };
  }
  yield { part: 'end' };
}

function failureOf(what: string, worked: Worked): AssetError {
  if (worked.work !== 'failed') return failed(what, worked.work);
  return worked.refusal === null ? failed(what, worked.why) : errorOf(worked.refusal);
}

function givenUp(what: string): AssetError {
  return new AssetError('aborted', {
    what,
    expected: 'time to finish',
    got: 'a cancellation',
    hint: 'Nothing was stored or changed by it.',
  });
}

function tooSlow(what: string, maxMs: number): AssetError {
  return new AssetError('timed-out', {
    what,
    expected: `an end within ${maxMs / 1000} s`,
    got: 'none',
    hint: 'Split the model, or reduce its vertices and textures.',
  });
}

function failed(what: string, why: string): AssetError {
  return new AssetError('unreadable', {
    what,
    expected: 'a model that can be read',
    got: why,
    hint: 'Export it again with a current exporter.',
  });
}
