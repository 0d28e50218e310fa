import type { Texture as GltfTexture, Material, TextureInfo } from '@gltf-transform/core';
import type { Pixels } from './pixels.ts';
import { Texture, type TextureTransform, type Wrap } from './texture.ts';

/** As much of a material as a small picture shows. */
export interface Surface {
  /** Light of red, green and blue, and alpha. */
  readonly colour: readonly [number, number, number, number];
  readonly picture: Texture | null;
  readonly glow: readonly [number, number, number];
  readonly glowPicture: Texture | null;
  readonly alpha: 'opaque' | 'mask' | 'blend';
  readonly cutoff: number;
  readonly isDoubleSided: boolean;
  /** Shown as bright as it is, whatever shines on it. */
  readonly isUnlit: boolean;
  /** 0 a mirror, 1 chalk. */
  readonly roughness: number;
  /** Which texture coordinates its pictures lie on. */
  readonly texCoord: number;
}

const PLAIN: Surface = {
  colour: [1, 1, 1, 1],
  picture: null,
  glow: [0, 0, 0],
  glowPicture: null,
  alpha: 'opaque',
  cutoff: 0.5,
  isDoubleSided: false,
  isUnlit: false,
  roughness: 1,
  texCoord: 0,
};
const ALPHA = { OPAQUE: 'opaque', MASK: 'mask', BLEND: 'blend' } as const;
const WRAPS: ReadonlyMap<number, Wrap> = new Map([
  [33_071, 'clamp'],
  [33_648, 'mirror'],
]);

/** @param pixelsOf the textures that could be read */
export function surfaceOf(
  material: Material | null,
  pixelsOf: (texture: GltfTexture) => Pixels | null,
): Surface {
  if (material === null) return PLAIN;
  const textureOf = (texture: GltfTexture | null, info: TextureInfo | null) => {
    const pixels = texture === null ? null : pixelsOf(texture);
    if (pixels === null || info === null) return null;
    const wrap = (number: number): Wrap => WRAPS.get(number) ?? 'repeat';
    return new Texture(pixels, {
      wrapS: wrap(info.getWrapS()),
      wrapT: wrap(info.getWrapT()),
      transform: transformOf(info),
    });
  };
  const [base, glowing] = [material.getBaseColorTextureInfo(), material.getEmissiveTextureInfo()];
  const hasGlowTexture = material.getEmissiveTexture() !== null;
  const texCoord = (base ?? glowing)?.getTexCoord() ?? 0;
  const picture = textureOf(material.getBaseColorTexture(), base);
  const glowPicture =
    glowing?.getTexCoord() === texCoord ? textureOf(material.getEmissiveTexture(), glowing) : null;
  return {
    colour: material.getBaseColorFactor(),
    picture,
    // Where a picture says what glows and cannot be read, nothing is the better guess than everything.
    glow: hasGlowTexture && glowPicture === null ? [0, 0, 0] : material.getEmissiveFactor(),
    glowPicture,
    alpha: ALPHA[material.getAlphaMode()],
    cutoff: material.getAlphaCutoff(),
    isDoubleSided: material.getDoubleSided(),
    isUnlit: material.getExtension('KHR_materials_unlit') !== null,
    roughness: material.getRoughnessFactor(),
    texCoord,
  };
}

interface TransformExtension {
  getOffset(): [number, number];
  getScale(): [number, number];
  getRotation(): number;
}

function transformOf(info: TextureInfo): TextureTransform | null {
  const extension = info.getExtension('KHR_texture_transform');
  if (extension === null || !isTransform(extension)) return null;
  return { offset: extension.getOffset(), scale: extension.getScale(), rotation: extension.getRotation() };
}

function isTransform(extension: object): extension is TransformExtension {
  return 'getOffset' in extension && 'getScale' in extension && 'getRotation' in extension;
}
