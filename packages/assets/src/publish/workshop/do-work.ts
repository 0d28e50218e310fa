import { optimiseModel, type TextureEncoder } from '../optimise/optimise-model.ts';
import { validateModel } from '../report/validate-model.ts';
import { drawModel } from '../thumbnail/draw-model.ts';
import type { Imaging } from '../thumbnail/pixels.ts';
import type { Work, Worked } from './workshop.ts';

/** What a platform has for pictures. */
export interface WorkTools {
  /** Encodes textures; `null` where a canvas of the browser takes its place. */
  encoder(): Promise<TextureEncoder | null>;
  readonly imaging: Imaging;
}

/** Does a piece of work here and now. Never throws: what fails is told in words. */
export async function doWork(work: Work, { encoder, imaging }: WorkTools): Promise<Worked> {
  try {
    switch (work.work) {
      case 'validate':
        return { work: 'validate', report: await validateModel(work.glb) };
      case 'optimise':
        return {
          work: 'optimise',
          model: await optimiseModel(work.glb, work.how, work.extensionsUsed, await encoder()),
        };
      case 'draw':
        return { work: 'draw', drawn: await drawModel(work.model, imaging) };
    }
  } catch (error) {
    return { work: 'failed', why: error instanceof Error ? error.message : String(error) };
  }
}
