import type { Material } from '@weft/core';
import { Color, DoubleSide, FrontSide, MeshStandardMaterial } from 'three';

/** Stands in for the `material` of a primitive that has none: glTF's defaults in Weft's grey. */
export const DEFAULT_SURFACE: Material = {
  baseColorFactor: [0.5, 0.5, 0.5, 1],
  metallicFactor: 0,
  roughnessFactor: 0.8,
  emissiveFactor: [0, 0, 0],
  emissiveStrength: 1,
  alphaMode: 'OPAQUE',
  alphaCutoff: 0.5,
  doubleSided: false,
};

/** Equal surfaces have equal keys, whatever else their components hold. */
export function surfaceKey(surface: Material): string {
  return JSON.stringify([
    surface.baseColorFactor,
    surface.metallicFactor,
    surface.roughnessFactor,
    surface.emissiveFactor,
    surface.emissiveStrength,
    surface.alphaMode,
    surface.alphaCutoff,
    surface.doubleSided,
  ]);
}

export function makeSurface(surface: Material): MeshStandardMaterial {
  const [red, green, blue, alpha] = surface.baseColorFactor;
  return new MeshStandardMaterial({
    // Numbers are taken as linear here; a CSS colour would be taken as sRGB.
    color: new Color(red, green, blue),
    metalness: surface.metallicFactor,
    roughness: surface.roughnessFactor,
    emissive: new Color(...surface.emissiveFactor),
    emissiveIntensity: surface.emissiveStrength,
    opacity: surface.alphaMode === 'OPAQUE' ? 1 : alpha,
    transparent: surface.alphaMode === 'BLEND',
    alphaTest: surface.alphaMode === 'MASK' ? surface.alphaCutoff : 0,
    side: surface.doubleSided ? DoubleSide : FrontSide,
  });
}
