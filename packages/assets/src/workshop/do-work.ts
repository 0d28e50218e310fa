import type { Decoder } from '../decode/decoder.ts';
import type { GatheredScene, LoadedModel } from '../export/gathered-scene.ts';
import type { ObjectCopy } from '../export/object-copy.ts';
import type { StartFileHash } from '../hash/file-hash.ts';
import { optimiseModel, type TextureEncoder } from '../publish/optimise/optimise-model.ts';
import { validateModel } from '../publish/report/validate-model.ts';
import { drawModel } from '../publish/thumbnail/draw-model.ts';
import type { Imaging } from '../publish/thumbnail/pixels.ts';
import { refusalOf } from './refusal.ts';
import type { TellProgress, Work, Worked, WorkPart } from './workshop.ts';

/** What a platform has for work on models. */
export interface WorkTools {
  /** Encodes textures; `null` where a canvas of the browser takes its place. */
  encoder(): Promise<TextureEncoder | null>;
  readonly imaging: Imaging;
  readonly startHash: StartFileHash;
  /** For what Draco compressed; its thread is one of its own. */
  openDecoder(): Pick<Decoder, 'forModel' | 'stop'>;
}

/** Where the rest of a piece of work comes from, and how far it is told. */
export interface WorkLine {
  readonly parts: AsyncIterable<WorkPart>;
  readonly tell: TellProgress;
}

/** Does a piece of work here and now. Never throws: what fails is told in words. */
export async function doWork(work: Work, tools: WorkTools, line: WorkLine): Promise<Worked> {
  try {
    return await carryOut(work, tools, line);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { work: 'failed', why, refusal: refusalOf(error) };
  }
}

async function carryOut(work: Work, tools: WorkTools, { parts, tell }: WorkLine): Promise<Worked> {
  switch (work.work) {
    case 'validate':
      return { work: 'validate', report: await validateModel(work.glb) };
    case 'optimise':
      return {
        work: 'optimise',
        model: await optimiseModel(work.glb, work.how, work.extensionsUsed, await tools.encoder()),
      };
    case 'draw':
      return { work: 'draw', drawn: await drawModel(work.model, tools.imaging) };
    case 'explode': {
      const { explodeGlb } = await import('../import/explode-glb.ts');
      const { glb, name } = work;
      const { startHash } = tools;
      const explode = (decoder: Pick<Decoder, 'forModel'>) =>
        explodeGlb(glb, { decoder, startHash, onProgress: tell, ...(name === undefined ? {} : { name }) });
      return { work: 'explode', exploded: await decoding(tools, explode) };
    }
    case 'write': {
      const { writeGlb } = await import('../export/write-glb.ts');
      const scene = await gathered(work, parts);
      const write = (decoder: Pick<Decoder, 'forModel'>) => writeGlb(scene, { decoder, onProgress: tell });
      return { work: 'write', exported: await decoding(tools, write) };
    }
  }
}

async function decoding<T>(
  { openDecoder }: WorkTools,
  use: (decoder: Pick<Decoder, 'forModel'>) => Promise<T>,
): Promise<T> {
  const decoder = openDecoder();
  try {
    return await use(decoder);
  } finally {
    decoder.stop();
  }
}

async function gathered(
  { title, placed }: Extract<Work, { readonly work: 'write' }>,
  parts: AsyncIterable<WorkPart>,
): Promise<GatheredScene> {
  const models = new Map<string, LoadedModel>();
  const copies: ObjectCopy[] = [];
  for await (const part of parts) {
    if (part.part === 'end') break;
    if (part.part === 'model') models.set(part.key, part.model);
    else copies.push(...part.objects);
  }
  const { CopiedObject } = await import('../export/object-copy.ts');
  return { title, placed, models, objects: copies.map((copy) => new CopiedObject(copy)) };
}
