import { type GltfDocument, unknownRequirement } from '@weft/assets';
import { AssetRefused } from './asset-refused.ts';

/** What one model may hold to be drawn beside others; counted before three.js allocates anything for it. */
export const MODEL_LIMITS = {
  nodes: 4_096,
  primitives: 2_048,
  materials: 512,
  textures: 256,
  images: 64,
} as const;
/** Levels of nodes below the scene. */
export const MAX_MODEL_DEPTH = 64;

/**
 * Holds a model to what this view can draw. That it is a sound glTF of bounded size, `openModel` of @weft/assets has seen to.
 *
 * @throws AssetRefused with the first thing found
 */
export function checkDrawable(document: GltfDocument): void {
  const unknown = unknownRequirement(document.extensionsRequired ?? []);
  if (unknown !== null) {
    throw new AssetRefused(`it needs the glTF extension ${unknown}; export it without that`);
  }
  checkCounts(document);
  checkDepth(document);
}

function checkCounts(document: GltfDocument): void {
  const { nodes = [], meshes = [], materials = [], textures = [], images = [] } = document;
  const primitives = meshes.reduce((sum, mesh) => sum + mesh.primitives.length, 0);
  const found: Readonly<Record<keyof typeof MODEL_LIMITS, number>> = {
    nodes: nodes.length,
    primitives,
    materials: materials.length,
    textures: textures.length,
    images: images.length,
  };
  for (const [kind, most] of Object.entries(MODEL_LIMITS)) {
    const count = Object.entries(found).find(([name]) => name === kind)?.[1] ?? 0;
    if (count > most) throw new AssetRefused(`it has ${count} ${kind}; at most ${most} are shown`);
  }
}

// Of nodes that hang in a circle the way up has no end, so this finds them too.
function checkDepth({ nodes = [] }: GltfDocument): void {
  const parents = new Map<number, number>();
  nodes.forEach(({ children = [] }, parent) => {
    for (const child of children) parents.set(child, parent);
  });
  nodes.forEach((_, start) => {
    let at: number | undefined = start;
    for (let depth = 0; at !== undefined; depth += 1) {
      if (depth > MAX_MODEL_DEPTH) {
        throw new AssetRefused(`its nodes are nested deeper than ${MAX_MODEL_DEPTH} levels`);
      }
      at = parents.get(at);
    }
  });
}
