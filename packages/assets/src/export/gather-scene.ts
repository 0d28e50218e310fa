import { type ObjectId, ROOT, type SceneObject } from '@weft/core';
import { AssetError } from '../asset-error.ts';
import type { AssetRef } from '../reference/asset-ref.ts';
import { type ExportGlbOptions, type ExportPorts, MAX_EXPORTED_OBJECTS } from './export-source.ts';
import type { GatheredScene } from './gathered-scene.ts';
import { loadModels, modelKey, tooLarge } from './load-models.ts';

/** Reads what is shown, and loads the models of it. @throws AssetError as `exportGlb` */
export async function gatherScene(
  ports: Pick<ExportPorts, 'scene' | 'load'>,
  { from, title = '', onProgress = () => undefined, signal = new AbortController().signal }: ExportGlbOptions,
): Promise<GatheredScene> {
  const tops = from === undefined || typeof from === 'string' ? from : [...new Set(from)];
  const objects = objectsOf(ports, tops);
  const refs = new Map<string, AssetRef>();
  for (const { mesh } of objects) {
    if (mesh?.src !== undefined) refs.set(modelKey({ ...mesh, src: mesh.src }), { ...mesh, src: mesh.src });
  }
  let done = 0;
  const models = await loadModels(ports, refs, signal, () => {
    done += 1;
    onProgress({ step: 'load', done, total: refs.size });
  });
  // Several from different parents would not stay where they are by their own transforms.
  const placed = new Set(typeof tops === 'object' && tops.length > 1 ? tops : []);
  return { title, objects, models, placed };
}

/** @throws AssetError */
function objectsOf(
  { scene }: Pick<ExportPorts, 'scene'>,
  from: ObjectId | readonly ObjectId[] | undefined,
): readonly SceneObject[] {
  const objects: SceneObject[] = [];
  const isAll = from === undefined || from === ROOT;
  const waiting = [...(isAll ? scene.children(ROOT) : typeof from === 'string' ? [from] : from)].reverse();
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const object = scene.get(id);
    if (object === undefined) continue;
    objects.push(object);
    if (objects.length > MAX_EXPORTED_OBJECTS) throw tooLarge();
    waiting.push(...[...object.children].reverse());
  }
  if (objects.length > 0) return objects;
  throw new AssetError('missing', {
    what:
      from === undefined ? 'export the world' : `export ${typeof from === 'string' ? from : from.join(', ')}`,
    expected: 'an object that is shown',
    got: 'none',
    hint: from === undefined ? 'Add something first.' : 'Look for it with "query" or "ls".',
  });
}
