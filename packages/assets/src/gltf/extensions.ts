/** What becomes of an extension of glTF. */
export type ExtensionPolicy =
  /** Drawn as it is meant. */
  | 'drawn'
  /** Undone by a decoder before anything is drawn. */
  | 'decoded'
  /** Left out, and the rest is as it is meant. */
  | 'dropped';

/** Those that are understood. Any other may be there, and is left out; a file that requires it is refused. */
export const EXTENSION_POLICY: Readonly<Record<string, ExtensionPolicy>> = {
  EXT_mesh_gpu_instancing: 'drawn',
  EXT_meshopt_compression: 'decoded',
  EXT_texture_webp: 'drawn',
  KHR_draco_mesh_compression: 'decoded',
  KHR_lights_punctual: 'dropped',
  KHR_materials_anisotropy: 'drawn',
  KHR_materials_clearcoat: 'drawn',
  KHR_materials_dispersion: 'drawn',
  KHR_materials_emissive_strength: 'drawn',
  KHR_materials_ior: 'drawn',
  KHR_materials_iridescence: 'drawn',
  KHR_materials_sheen: 'drawn',
  KHR_materials_specular: 'drawn',
  KHR_materials_transmission: 'drawn',
  KHR_materials_unlit: 'drawn',
  KHR_materials_volume: 'drawn',
  KHR_mesh_quantization: 'drawn',
  KHR_meshopt_compression: 'decoded',
  KHR_texture_basisu: 'decoded',
  KHR_texture_transform: 'drawn',
};

/** The first extension without which the file is not what it is meant to be, and that nobody here understands. */
export function unknownRequirement(required: readonly string[]): string | null {
  return required.find((name) => !Object.hasOwn(EXTENSION_POLICY, name)) ?? null;
}
