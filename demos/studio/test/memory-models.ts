import { checkGlb } from '@weft/assets';
import { explodeGlb, exportGlb } from '@weft/assets/models';
import { type ObjectId, ROOT, type Scene } from '@weft/core';
import type { StudioWorld } from '../src/state/studio-world.ts';

export interface MemoryModelsParts {
  readonly scene: Scene;
  readonly edit: StudioWorld['edit'];
  readonly load: StudioWorld['assets']['load'];
  /** @returns the address */
  readonly keep: (bytes: Uint8Array) => string;
}

/** Models of a world in memory, taken apart and written for real. */
export function memoryModels({ scene, edit, load, keep }: MemoryModelsParts): StudioWorld['models'] {
  return {
    async explode(glb, { name = 'Model', parent = ROOT, position, signal, onProgress } = {}) {
      const exploded = await explodeGlb(glb, {
        name,
        ...(signal === undefined ? {} : { signal }),
        ...(onProgress === undefined ? {} : { onProgress }),
      });
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
    export: (options) =>
      exportGlb(
        {
          scene,
          async load(asset, how) {
            const { bytes } = await load(asset, how);
            checkGlb(bytes);
            return bytes;
          },
        },
        options,
      ),
  };
}
