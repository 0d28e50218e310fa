import { checkGlb } from '@weft/world';
import { Camera, Light, LoadingManager, type Object3D } from 'three';
import { GLTFLoader, type GLTFParser } from 'three/examples/jsm/loaders/GLTFLoader.js';
import { AssetRefused } from './asset-refused.ts';
import { checkDrawable } from './drawable.ts';
import { isEntry } from './gltf-json.ts';

const OWN_SCHEMES = /^(?:data|blob):/;

/**
 * Builds a model from its bytes alone: nothing is fetched, whatever the file names. Cameras and lights of
 * the file are left out, since a world's lights are its own objects.
 *
 * @throws AssetError where it is no sound GLB, AssetRefused where this view cannot draw it
 */
export async function parseGlb(bytes: Uint8Array): Promise<Object3D> {
  checkGlb(bytes);
  const loader = new GLTFLoader(ownBytesOnly()).register(drawableOnly);
  const { scene } = await loader.parseAsync(copyOf(bytes), '').catch((error: unknown) => {
    if (error instanceof AssetRefused) throw error;
    throw new AssetRefused(
      `three.js cannot read it (${error instanceof Error ? error.message : String(error)})`,
    );
  });
  // Typed as always there, yet a file without scenes has none.
  if (!isEntry(scene)) throw new AssetRefused('it holds no scene; export it again');
  const unwanted: Object3D[] = [];
  scene.traverse((node) => {
    if (node instanceof Camera || node instanceof Light) unwanted.push(node);
  });
  for (const node of unwanted) node.removeFromParent();
  return scene;
}

function ownBytesOnly(): LoadingManager {
  return new LoadingManager().setURLModifier((url) => {
    if (OWN_SCHEMES.test(url)) return url;
    throw new AssetRefused('it points to files outside itself; export it with everything embedded');
  });
}

// Runs after the file was split and before anything of it is decoded.
function drawableOnly(parser: GLTFParser) {
  return {
    name: 'weft-drawable',
    async beforeRoot(): Promise<void> {
      const json: unknown = parser.json;
      const container: unknown = parser.extensions.KHR_binary_glTF;
      const body: unknown = isEntry(container) ? container.body : null;
      if (!isEntry(json)) throw new AssetRefused('its description is not a JSON object; export it again');
      checkDrawable(json, body instanceof ArrayBuffer ? new Uint8Array(body) : new Uint8Array());
    },
  };
}

// The loader keeps views into its input; a copy of just these bytes lets the caller's larger buffer go.
function copyOf(bytes: Uint8Array): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
}
