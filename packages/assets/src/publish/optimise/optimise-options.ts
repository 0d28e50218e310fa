/** How vertices are stored: as they are, in fewer bits, or compressed for viewers with a meshopt decoder. */
export type MeshStorage = 'plain' | 'quantize' | 'meshopt';

export interface OptimiseOptions {
  /** Default `quantize`: half the size in every current viewer, positions to 1/16,000 of the model. */
  readonly meshes?: MeshStorage;
  /** The longest side of a texture, 16 to 8,192 pixels; default 2,048. */
  readonly maxTextureSide?: number;
}

export const DEFAULT_TEXTURE_SIDE = 2_048;
export const MIN_TEXTURE_SIDE = 16;
export const MAX_TEXTURE_SIDE = 8_192;
/** A texture of more is left as it is: it would take four bytes for each once decoded. */
export const MAX_RESIZED_PIXELS = 64 * 1024 * 1024;
