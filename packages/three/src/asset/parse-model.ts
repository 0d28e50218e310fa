import {
  bytesOfView,
  type DecodePart,
  type GltfModel,
  isKtx2,
  type LoadPart,
  openModel,
  unpackModel,
} from '@weft/assets';
import type { Decoder, TextureTarget } from '@weft/assets/decode';
import { Camera, Light, LoadingManager, type Object3D, type Texture } from 'three';
import { GLTFLoader } from 'three/examples/jsm/loaders/GLTFLoader.js';
import { AssetRefused } from './asset-refused.ts';
import { checkDrawable } from './drawable.ts';
import { makeTexture } from './make-texture.ts';

const OWN_SCHEMES = /^(?:data|blob):/;

/** What building a model may need beside its bytes. */
export interface ModelHost {
  /** Loaded with the first model that is compressed. */
  decoder(): Promise<Decoder>;
  /** What the textures of Basis Universal are to become. */
  readonly textureTarget: TextureTarget;
  /** Fetches what a `.gltf` file points to; without it, that is refused. */
  readonly load?: LoadPart;
}

export interface ModelSource {
  /** Where it came from, for parts beside it in a directory of IPFS. */
  readonly from?: string;
  readonly signal?: AbortSignal;
}

/**
 * Builds a model from its bytes and from parts that it may have, compressed or not. three.js fetches nothing, whatever the file
 * names. Cameras and lights of the file are left out, since a world's lights are its own objects.
 *
 * @throws AssetError where it is no sound glTF or cannot be decoded, AssetRefused where this view cannot draw it
 */
export async function parseModel(
  bytes: Uint8Array,
  host: ModelHost,
  source: ModelSource = {},
): Promise<Object3D> {
  const { load } = host;
  const { model } = await openModel(bytes, { ...source, ...(load === undefined ? {} : { load }) });
  checkDrawable(model.document);
  const decode = lazyDecoder(host, source.signal);
  const plain = await unpackModel(model, decode);
  const textures = await decodeTextures(plain, decode, host.textureTarget);
  const scene = await build(plain, textures);
  const unwanted: Object3D[] = [];
  scene.traverse((node) => {
    if (node instanceof Camera || node instanceof Light) unwanted.push(node);
  });
  for (const node of unwanted) node.removeFromParent();
  return scene;
}

function lazyDecoder(host: ModelHost, signal: AbortSignal | undefined): DecodePart {
  let opened: Promise<DecodePart> | null = null;
  return async (job) => {
    opened ??= host.decoder().then((decoder) => decoder.forModel('use the model', signal));
    return (await opened)(job);
  };
}

/** Textures of Basis Universal by the bufferView that holds them. */
type Textures = ReadonlyMap<number, Texture>;

async function decodeTextures(
  model: GltfModel,
  decode: DecodePart,
  target: TextureTarget,
): Promise<Textures> {
  const textures = new Map<number, Texture>();
  for (const { bufferView } of model.document.images ?? []) {
    const bytes = bufferView === undefined ? null : bytesOfView(model, bufferView);
    if (bufferView === undefined || bytes === null || textures.has(bufferView) || !isKtx2(bytes)) continue;
    textures.set(bufferView, makeTexture(await decode({ kind: 'ktx2', bytes: bytes.slice(), target })));
  }
  return textures;
}

async function build(model: GltfModel, textures: Textures): Promise<Object3D> {
  const { views, loader } = loaderOf(model, textures);
  const { scene } = await loader
    .register(() => views)
    .parseAsync(JSON.stringify(model.document), '')
    .catch((error: unknown) => {
      if (error instanceof AssetRefused) throw error;
      const message = error instanceof Error ? error.message : String(error);
      throw new AssetRefused(`three.js cannot read it (${message})`);
    });
  // Typed as always there, yet a file without scenes has none.
  const built: unknown = scene;
  if (built === undefined) throw new AssetRefused('it holds no scene; export it again');
  return scene;
}

// Hands out the bytes of the model, so that three.js has no address to ask for.
function loaderOf(model: GltfModel, textures: Textures) {
  const manager = new LoadingManager().setURLModifier((url) => {
    if (OWN_SCHEMES.test(url)) return url;
    throw new AssetRefused('it points to files outside itself; export it with everything embedded');
  });
  const decoded = new Map<ArrayBuffer, Texture>();
  const views = {
    name: 'weft-views',
    async loadBufferView(index: number): Promise<ArrayBuffer> {
      const texture = textures.get(index);
      if (texture === undefined) return copyOf(bytesOfView(model, index));
      const token = new ArrayBuffer(0);
      decoded.set(token, texture);
      return token;
    },
  };
  const loader = new GLTFLoader(manager);
  const textureLoader = {
    isKTX2Loader: true,
    parse(buffer: ArrayBuffer, done: (texture: Texture) => void, failed: (error: Error) => void) {
      const texture = decoded.get(buffer);
      if (texture === undefined) failed(new AssetRefused('a picture in it was not decoded'));
      else done(texture);
    },
  };
  Reflect.set(loader, 'ktx2Loader', textureLoader);
  return { views, loader };
}

function copyOf(bytes: Uint8Array | null): ArrayBuffer {
  if (bytes === null) throw new AssetRefused('it lacks data that it names; export it again');
  const copy = new ArrayBuffer(bytes.byteLength);
  new Uint8Array(copy).set(bytes);
  return copy;
}
