import { optimiseModel, type TextureEncoder } from '../optimise/optimise-model.ts';
import { validateModel } from '../report/validate-model.ts';
import type { Work, Worked } from './workshop.ts';

/** Does a piece of work here and now. Never throws: what fails is told in words. */
export async function doWork(work: Work, encoder: () => Promise<TextureEncoder | null>): Promise<Worked> {
  try {
    switch (work.work) {
      case 'validate':
        return { work: 'validate', report: await validateModel(work.glb) };
      case 'optimise':
        return {
          work: 'optimise',
          model: await optimiseModel(work.glb, work.how, work.extensionsUsed, await encoder()),
        };
    }
  } catch (error) {
    return { work: 'failed', why: error instanceof Error ? error.message : String(error) };
  }
}
