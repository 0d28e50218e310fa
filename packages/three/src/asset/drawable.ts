import { refuseImage } from '../shared/image-size.ts';
import { AssetRefused } from './asset-refused.ts';
import { entriesOf, type GltfEntry, indicesOf } from './gltf-json.ts';

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

// Those that GLTFLoader draws without a decoder that we would have to ship.
const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([
  'EXT_texture_webp',
  'KHR_lights_punctual',
  'KHR_materials_anisotropy',
  'KHR_materials_clearcoat',
  'KHR_materials_dispersion',
  'KHR_materials_emissive_strength',
  'KHR_materials_ior',
  'KHR_materials_iridescence',
  'KHR_materials_sheen',
  'KHR_materials_specular',
  'KHR_materials_transmission',
  'KHR_materials_unlit',
  'KHR_materials_volume',
  'KHR_mesh_quantization',
  'KHR_texture_transform',
]);

/**
 * Holds a model to what this view can draw. That it is a sound glTF of bounded size that reaches for nothing
 * outside itself, `checkGlb` of @weft/world has seen to.
 *
 * @throws AssetRefused with the first thing found
 */
export function checkDrawable(json: GltfEntry, body: Uint8Array): void {
  checkExtensions(json);
  checkCounts(json);
  checkDepth(json);
  for (const image of entriesOf(json, 'images')) checkImage(json, body, image);
}

function checkExtensions(json: GltfEntry): void {
  const required = Array.isArray(json.extensionsRequired) ? json.extensionsRequired : [];
  const unknown = required.find((name) => !KNOWN_EXTENSIONS.has(String(name)));
  if (unknown !== undefined) {
    throw new AssetRefused(`it needs the glTF extension ${String(unknown)}; export it without compression`);
  }
}

function checkCounts(json: GltfEntry): void {
  for (const [kind, most] of Object.entries(MODEL_LIMITS)) {
    const owners = kind === 'primitives' ? entriesOf(json, 'meshes') : [json];
    const found = owners.reduce((sum, owner) => sum + entriesOf(owner, kind).length, 0);
    if (found > most) throw new AssetRefused(`it has ${found} ${kind}; at most ${most} are shown`);
  }
}

// Of nodes that hang in a circle the way up has no end, so this finds them too.
function checkDepth(json: GltfEntry): void {
  const nodes = entriesOf(json, 'nodes');
  const parents = new Map<number, number>();
  nodes.forEach((node, parent) => {
    for (const child of indicesOf(node.children)) parents.set(child, parent);
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

function checkImage(json: GltfEntry, body: Uint8Array, image: GltfEntry): void {
  const bytes = typeof image.uri === 'string' ? dataUriBytes(image.uri) : viewBytes(json, body, image);
  const reason = bytes === null ? 'a picture in it cannot be read; export it again' : refuseImage(bytes);
  if (reason !== null) throw new AssetRefused(reason);
}

function viewBytes(json: GltfEntry, body: Uint8Array, image: GltfEntry): Uint8Array | null {
  const view =
    typeof image.bufferView === 'number' ? entriesOf(json, 'bufferViews')[image.bufferView] : undefined;
  if (view?.buffer !== 0) return null;
  const start = typeof view.byteOffset === 'number' ? view.byteOffset : 0;
  const length = typeof view.byteLength === 'number' ? view.byteLength : 0;
  return body.subarray(start, start + length);
}

function dataUriBytes(uri: string): Uint8Array | null {
  const comma = uri.indexOf(',');
  if (comma < 0 || !uri.slice(0, comma).endsWith(';base64')) return null;
  try {
    return Uint8Array.from(atob(uri.slice(comma + 1)), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}
