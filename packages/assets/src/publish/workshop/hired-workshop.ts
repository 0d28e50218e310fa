import { AssetError } from '../../asset-error.ts';
import type { OptimisedModel } from '../optimise/optimise-model.ts';
import type { OptimiseOptions } from '../optimise/optimise-options.ts';
import type { ModelReport } from '../report/model-report.ts';
import type { DrawnModel, ModelToDraw } from '../thumbnail/draw-model.ts';
import { MAX_THUMBNAIL_MS } from '../thumbnail/limits.ts';
import { MAX_WORK_MS, type Work, type Worked, type WorkOptions, type Workshop } from './workshop.ts';

/** A worker for one piece of work, of a browser or of Node. */
export interface Hand {
  /** Resolves with what came back; rejects where the worker dies. */
  readonly done: Promise<Worked>;
  /** Ends the worker at once, whatever it is at. */
  dismiss(): void;
}

export interface WorkshopTimers {
  /** @returns what cancels it */
  after(ms: number, run: () => void): () => void;
}

/** A workshop that takes a new worker for each piece of work, so that nothing of one file is left when the next comes. */
export class HiredWorkshop implements Workshop {
  readonly #hire: (work: Work) => Hand;
  readonly #timers: WorkshopTimers;

  constructor(hire: (work: Work) => Hand, timers: WorkshopTimers) {
    this.#hire = hire;
    this.#timers = timers;
  }

  async validate(glb: Uint8Array, { signal }: WorkOptions): Promise<ModelReport> {
    const worked = await this.#work({ work: 'validate', glb }, 'validate the model', signal);
    if (worked.work === 'validate') return worked.report;
    throw failed('validate the model', worked.work === 'failed' ? worked.why : worked.work);
  }

  async optimise(
    glb: Uint8Array,
    how: OptimiseOptions,
    extensionsUsed: readonly string[],
    { signal }: WorkOptions,
  ): Promise<OptimisedModel | null> {
    const work = { work: 'optimise', glb, how, extensionsUsed } as const;
    const worked = await this.#work(work, 'optimise the model', signal);
    if (worked.work === 'optimise') return worked.model;
    throw failed('optimise the model', worked.work === 'failed' ? worked.why : worked.work);
  }

  async draw(model: ModelToDraw, { signal }: WorkOptions): Promise<DrawnModel> {
    const worked = await this.#work({ work: 'draw', model }, 'draw the model', signal, MAX_THUMBNAIL_MS);
    if (worked.work === 'draw') return worked.drawn;
    throw failed('draw the model', worked.work === 'failed' ? worked.why : worked.work);
  }

  async #work(work: Work, what: string, signal: AbortSignal, maxMs = MAX_WORK_MS): Promise<Worked> {
    if (signal.aborted) throw givenUp(what);
    const hand = this.#hire(work);
    const ended = Promise.withResolvers<never>();
    const giveUp = () => ended.reject(givenUp(what));
    signal.addEventListener('abort', giveUp, { once: true });
    const cancel = this.#timers.after(maxMs, () => ended.reject(tooSlow(what, maxMs)));
    try {
      return await Promise.race([hand.done, ended.promise]);
    } catch (error) {
      throw error instanceof AssetError ? error : failed(what, String(error));
    } finally {
      cancel();
      signal.removeEventListener('abort', giveUp);
      hand.dismiss();
    }
  }
}

function givenUp(what: string): AssetError {
  return new AssetError('aborted', {
    what,
    expected: 'time to finish',
    got: 'a cancellation',
    hint: 'Nothing was uploaded.',
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
