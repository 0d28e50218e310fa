import type { ExportedGlb, ExportGlbOptions, ExportPorts } from './export-source.ts';
import { gatherScene } from './gather-scene.ts';

/**
 * Writes a scene as one GLB: names, transforms and the tree, models with their materials and animations, primitives as meshes,
 * lights as KHR_lights_punctual, links and portals as OMI_link, spawn points as OMI_spawn_point. All else that an object holds is
 * in its node's `extras`, so that taking the file apart again gives the same objects. A model that cannot be had is left out and
 * told; its object keeps the reference.
 *
 * Cost: loading the models, and reading and writing each once, which is `write`'s to do where nobody waits for it.
 * @throws AssetError `too-large` past 50,000 objects, 100 MiB or 10^9 m, `aborted`; `missing` where nothing is shown
 */
export async function exportGlb(ports: ExportPorts, options: ExportGlbOptions = {}): Promise<ExportedGlb> {
  const { onProgress = () => undefined, signal = new AbortController().signal } = options;
  const scene = await gatherScene(ports, options);
  onProgress({ step: 'write', done: 0, total: scene.objects.length });
  return ports.write(scene, {
    signal,
    onProgress: (done, total) => onProgress({ step: 'write', done, total }),
  });
}
