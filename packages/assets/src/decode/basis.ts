import { DecodeFailed } from './decode-failed.ts';
import {
  type DecodedTexture,
  MAX_DECODED_PART_BYTES,
  type TextureJob,
  type TextureLevel,
  type TextureTarget,
} from './decode-job.ts';
import { type DecoderRealm, loadFactory } from './load-module.ts';

// `basist::transcoder_texture_format`, without and with alpha.
const FORMATS: Readonly<Record<TextureTarget, readonly [opaque: number, alpha: number]>> = {
  astc: [10, 10],
  bc7: [6, 6],
  bc3: [2, 3],
  etc2: [0, 1],
  rgba: [13, 13],
};

interface LevelInfo {
  readonly origWidth: number;
  readonly origHeight: number;
  readonly width: number;
  readonly height: number;
}

interface Ktx2File {
  isValid(): boolean;
  isUASTC(): boolean;
  isETC1S(): boolean;
  getLevels(): number;
  getHasAlpha(): number;
  startTranscoding(): number;
  getImageLevelInfo(level: number, layer: number, face: number): LevelInfo;
  getImageTranscodedSizeInBytes(level: number, layer: number, face: number, format: number): number;
  transcodeImage(
    target: Uint8Array,
    level: number,
    layer: number,
    face: number,
    format: number,
    flags: number,
    channel0: number,
    channel1: number,
  ): number;
  close(): void;
  delete(): void;
}

/** What of the module of Basis Universal is used. */
interface Basis {
  readonly KTX2File: new (bytes: Uint8Array) => Ktx2File;
  initializeBasis(): void;
}

/** Loads the transcoder of Basis Universal. @returns transcodes one texture, or throws */
export async function loadBasis(realm: DecoderRealm): Promise<(job: TextureJob) => DecodedTexture> {
  const start = await loadFactory(realm, realm.files.basis, 'BASIS');
  const basis = await start({});
  if (!isBasis(basis)) throw new TypeError('the module of Basis Universal has changed');
  basis.initializeBasis();
  return (job) => transcode(basis, job);
}

function transcode(basis: Basis, { bytes, target }: TextureJob): DecodedTexture {
  const file = new basis.KTX2File(bytes);
  try {
    if (!file.isValid() || !(file.isUASTC() || file.isETC1S())) {
      throw new DecodeFailed('a texture of Basis Universal', 'a KTX2 file that is none');
    }
    const hasAlpha = file.getHasAlpha() !== 0;
    const format = FORMATS[target][hasAlpha ? 1 : 0];
    const count = file.getLevels();
    const sizes = Array.from({ length: count }, (_, level) =>
      file.getImageTranscodedSizeInBytes(level, 0, 0, format),
    );
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (total > MAX_DECODED_PART_BYTES)
      throw new DecodeFailed(`at most ${MAX_DECODED_PART_BYTES} bytes`, `${total}`);
    if (file.startTranscoding() === 0) throw new DecodeFailed('a texture that can be read', 'a damaged one');
    const levels = sizes.map((size, level): TextureLevel => {
      const data = new Uint8Array(size);
      if (file.transcodeImage(data, level, 0, 0, format, 0, -1, -1) === 0) {
        throw new DecodeFailed('a texture that can be read', `a damaged level ${level}`);
      }
      const info = file.getImageLevelInfo(level, 0, 0);
      // Blocks are whole: one level alone may be drawn with its padding, several must halve exactly.
      return count > 1 || target === 'rgba'
        ? { data, width: info.origWidth, height: info.origHeight }
        : { data, width: info.width, height: info.height };
    });
    return { target, hasAlpha, levels };
  } finally {
    file.close();
    file.delete();
  }
}

function isBasis(value: unknown): value is Basis {
  return typeof value === 'object' && value !== null && 'KTX2File' in value && 'initializeBasis' in value;
}
