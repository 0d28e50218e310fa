import { checkGlb } from '@weft/assets';
import { type ObjectId, ROOT, type Scene } from '@weft/core';
import type { StudioWorld } from '../src/state/studio-world.ts';

export interface MemoryModelsParts {
  readonly scene: Scene;
  readonly edit: StudioWorld['edit'];
  readonly load: StudioWorld['assets']['load'];
  /** @returns the address */
  readonly keep: (bytes: Uint8Array) => string;
}

const NEVER = new AbortController().signal;

/** Models of a world in memory, taken apart and written for real. */
export function memoryModels({ scene, edit, load, keep }: MemoryModelsParts): StudioWorld['models'] {
  return {
    async explode(
      glb,
      { name = 'Model', parent = ROOT, position, signal = NEVER, onProgress = () => {} } = {},
    ) {
      // As in a world: it comes with the first model that is taken apart.
      const { openWorkshop } = await import('@weft/assets/publish');
      const exploded = await openWorkshop().explode(glb, name, { signal, onProgress });
      return {
        objects: exploded.objects.length,
        files: exploded.meshes.length,
        bytes: exploded.bytes,
        notes: exploded.notes,
        cost: { bytes: 0, events: 0 },
        async commit({ signal: stop, onProgress: tell } = {}) {
          const sources = exploded.meshes.map(({ glb: mesh }, at) => {
            stop?.throwIfAborted();
            tell?.(at + 1, exploded.meshes.length);
            return keep(mesh);
          });
          return edit(`import ${name}`, (e): readonly ObjectId[] => {
            const group = e.add({
              parent,
              node: { name },
              ...(position === undefined ? {} : { transform: { position } }),
            });
            const ids: ObjectId[] = [];
            for (const { parent: above, components, mesh } of exploded.objects) {
              const src = mesh === null ? undefined : sources[mesh];
              const shown = src === undefined ? {} : { mesh: { src } };
              ids.push(e.add({ parent: ids[above ?? -1] ?? group, ...components, ...shown }));
            }
            return [group];
          });
        },
      };
    },
    async export(options) {
      const { exportGlb } = await import('@weft/assets/models');
      const { openWorkshop } = await import('@weft/assets/publish');
      const workshop = openWorkshop();
      const loadModel = async (...asked: Parameters<typeof load>) => {
        const { bytes } = await load(...asked);
        checkGlb(bytes);
        return bytes;
      };
      return exportGlb({ scene, load: loadModel, write: (all, how) => workshop.writeGlb(all, how) }, options);
    },
  };
}
