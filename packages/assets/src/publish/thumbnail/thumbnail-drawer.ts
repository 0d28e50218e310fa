import type { Decoder } from '../../decode/decoder.ts';
import { meshoptOf } from '../../gltf/document.ts';
import { bytesOfView, type GltfModel } from '../../gltf/gltf-model.ts';
import { openModel } from '../../gltf/open-model.ts';
import { packModel } from '../../gltf/pack-model.ts';
import { usesDraco } from '../../gltf/undo-draco.ts';
import { type DecodePart, unpackModel } from '../../gltf/unpack-model.ts';
import { isKtx2 } from '../../picture/ktx2-header.ts';
import type { Workshop } from '../../workshop/workshop.ts';
import type { DrawThumbnail } from '../publish-file.ts';
import { MAX_THUMBNAIL_TEXTURE_SIDE } from './limits.ts';
import type { Pixels } from './pixels.ts';

export interface ThumbnailPorts {
  readonly workshop: Pick<Workshop, 'draw'>;
  /** Opened for a model that holds anything compressed, and stopped after it. */
  readonly openDecoder: () => Pick<Decoder, 'forModel' | 'stop'>;
  readonly drawPicture: DrawThumbnail;
}

/** Draws whatever has a look: pictures as they are, models as `drawModel` does, undone by the decoder where they are compressed. */
export class ThumbnailDrawer {
  readonly #ports: ThumbnailPorts;

  constructor(ports: ThumbnailPorts) {
    this.#ports = ports;
  }

  /** @throws AssetError as the decoder and the workshop do */
  readonly draw: DrawThumbnail = async (bytes, kind, options) => {
    if (kind.use !== 'model') return this.#ports.drawPicture(bytes, kind, options);
    const { side, signal } = options;
    const { glb, decoded } = await this.#plain(bytes, signal);
    const drawn = await this.#ports.workshop.draw({ glb, decoded, side }, { signal });
    return 'why' in drawn ? drawn : { bytes: drawn.png, type: 'image/png' };
  };

  async #plain(
    bytes: Uint8Array,
    signal: AbortSignal,
  ): Promise<{ readonly glb: Uint8Array; readonly decoded: ReadonlyMap<number, Pixels> }> {
    const { model } = await openModel(bytes, { signal });
    if (!isCompressed(model)) return { glb: bytes, decoded: new Map() };
    const decoder = this.#ports.openDecoder();
    try {
      const decode = decoder.forModel('draw the model', signal);
      const plain = await unpackModel(model, decode);
      return { glb: packModel(plain), decoded: await decodeImages(model, decode) };
    } finally {
      decoder.stop();
    }
  }
}

// By what is there: a file may use what it does not declare.
function isCompressed(model: GltfModel): boolean {
  const { bufferViews = [], images = [] } = model.document;
  return (
    bufferViews.some((view) => meshoptOf(view) !== null) ||
    usesDraco(model.document) ||
    images.some(({ bufferView }) => isKtx2(bytesOfView(model, bufferView ?? -1) ?? new Uint8Array()))
  );
}

/** Those that no platform reads by itself, each as small as it holds itself without losing what is seen. */
async function decodeImages(model: GltfModel, decode: DecodePart): Promise<ReadonlyMap<number, Pixels>> {
  const decoded = new Map<number, Pixels>();
  for (const [at, { bufferView }] of (model.document.images ?? []).entries()) {
    const file = bufferView === undefined ? null : bytesOfView(model, bufferView);
    if (file === null || !isKtx2(file)) continue;
    const { levels } = await decode({ kind: 'ktx2', bytes: file.slice(), target: 'rgba' });
    const small = levels.find(({ width, height }) => Math.max(width, height) <= MAX_THUMBNAIL_TEXTURE_SIDE);
    const level = small ?? levels.at(-1);
    if (level !== undefined) decoded.set(at, level);
  }
  return decoded;
}
