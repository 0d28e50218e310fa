import type { DecodedTexture, TextureTarget } from '@weft/assets/decode';
import {
  type CompressedPixelFormat,
  CompressedTexture,
  DataTexture,
  LinearFilter,
  LinearMipmapLinearFilter,
  RGB_ETC2_Format,
  RGB_S3TC_DXT1_Format,
  RGBA_ASTC_4x4_Format,
  RGBA_BPTC_Format,
  RGBA_ETC2_EAC_Format,
  RGBA_S3TC_DXT5_Format,
  RGBAFormat,
  type Texture,
} from 'three';

type Format = CompressedPixelFormat;

const FORMATS: Readonly<Record<Exclude<TextureTarget, 'rgba'>, readonly [opaque: Format, alpha: Format]>> = {
  astc: [RGBA_ASTC_4x4_Format, RGBA_ASTC_4x4_Format],
  bc7: [RGBA_BPTC_Format, RGBA_BPTC_Format],
  bc3: [RGB_S3TC_DXT1_Format, RGBA_S3TC_DXT5_Format],
  etc2: [RGB_ETC2_Format, RGBA_ETC2_EAC_Format],
};

/** A decoded texture as three.js takes it to the GPU. Its colour space is for whoever uses it to say. */
export function makeTexture({ target, hasAlpha, levels }: DecodedTexture): Texture {
  const [largest = { data: new Uint8Array(4), width: 1, height: 1 }] = levels;
  const { data, width, height } = largest;
  const isPlain = target === 'rgba';
  const texture = isPlain
    ? new DataTexture(data, width, height, RGBAFormat)
    : new CompressedTexture([...levels], width, height, FORMATS[target][hasAlpha ? 1 : 0]);
  // Plain pixels get their smaller levels from the GPU; blocks have those that came with them.
  texture.generateMipmaps = isPlain;
  texture.minFilter = isPlain || levels.length > 1 ? LinearMipmapLinearFilter : LinearFilter;
  texture.magFilter = LinearFilter;
  texture.needsUpdate = true;
  return texture;
}

const EXTENSIONS: readonly (readonly [extension: string, target: TextureTarget])[] = [
  ['EXT_texture_compression_bptc', 'bc7'],
  ['WEBGL_compressed_texture_astc', 'astc'],
  ['WEBGL_compressed_texture_s3tc', 'bc3'],
  ['WEBGL_compressed_texture_etc', 'etc2'],
];

/** What textures are to become on this GPU: the first of the formats that it has, else plain pixels. */
export function textureTargetOf(has: (extension: string) => boolean): TextureTarget {
  return EXTENSIONS.find(([extension]) => has(extension))?.[1] ?? 'rgba';
}
