import { Check } from 'typebox/value';
import { readContainer } from '../../gltf/container.ts';
import { GltfDocument } from '../../gltf/document.ts';

/**
 * Corners of triangles, ends of lines and points that the default scene draws, each time a mesh is shown. Joining vertices and
 * sharing meshes leave it as it is. The file has been through `checkGlb`, so that its tree ends.
 */
export function drawnCorners(glb: Uint8Array): number {
  const { json } = readContainer(glb, 'count what a model draws');
  if (!Check(GltfDocument, json)) return 0;
  const { nodes = [], scenes = [], meshes = [], accessors = [] } = json;
  let corners = 0;
  const waiting = [...(scenes[json.scene ?? 0]?.nodes ?? [])];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    const { mesh, children = [] } = nodes[at] ?? {};
    waiting.push(...children);
    const { primitives = [] } = mesh === undefined ? {} : (meshes[mesh] ?? {});
    for (const { indices, attributes } of primitives) {
      const counted = indices ?? attributes.POSITION;
      corners += counted === undefined ? 0 : (accessors[counted]?.count ?? 0);
    }
  }
  return corners;
}
