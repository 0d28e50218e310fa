import { readContainer } from '../gltf/container.ts';
import { writeContainer } from '../gltf/write-container.ts';
import { recordOf } from '../interop/own-extras.ts';

/** Extensions by the index of their node. */
export type NodeExtensions = ReadonlyMap<number, Readonly<Record<string, unknown>>>;

/**
 * Adds extensions to the nodes of a GLB that gltf-transform wrote: it writes those that it knows, and others would be lost. It
 * writes nodes in the order in which the document lists them, which is what the indexes count.
 */
export function withExtensions(glb: Uint8Array, extensions: NodeExtensions): Uint8Array<ArrayBuffer> {
  const { json, bin } = readContainer(glb, 'write a GLB');
  const document = recordOf(json) ?? {};
  const nodes: unknown[] = Array.isArray(document.nodes) ? document.nodes : [];
  const used = new Set<unknown>(Array.isArray(document.extensionsUsed) ? document.extensionsUsed : []);
  for (const each of extensions.values()) for (const name of Object.keys(each)) used.add(name);
  if (extensions.size === 0) return Uint8Array.from(glb);
  return writeContainer(
    {
      ...document,
      extensionsUsed: [...used],
      nodes: nodes.map((node, at) => {
        const own = extensions.get(at);
        const written = recordOf(node) ?? {};
        return own === undefined
          ? node
          : { ...written, extensions: { ...recordOf(written.extensions), ...own } };
      }),
    },
    bin,
  );
}
