/** The longest side of a thumbnail, in pixels. */
export const THUMBNAIL_SIDE = 256;
/** Samples a pixel on each side: edges are drawn in as many steps as there are samples. */
export const SAMPLES_A_SIDE = 2;
/** How long a thumbnail of a model may be drawn, in ms, with its worker's start and its textures. */
export const MAX_THUMBNAIL_MS = 30_000;
/** Triangles of a model, each as often as it is shown. */
export const MAX_THUMBNAIL_TRIANGLES = 20_000_000;
/** Rows and samples that all triangles together may touch: some hundred layers of the whole picture. */
export const MAX_THUMBNAIL_SAMPLES = 400_000_000;
/** Parts of meshes, each as often as a node or an instance shows it. */
export const MAX_THUMBNAIL_PARTS = 100_000;
/** Bones of all skins together. */
export const MAX_THUMBNAIL_JOINTS = 16_384;
/** Pixels of all textures together, four bytes each; many textures are taken smaller. */
export const MAX_THUMBNAIL_TEXELS = 16 * 1024 * 1024;
/** The longest side of a texture as it is drawn: more would not be seen. */
export const MAX_THUMBNAIL_TEXTURE_SIDE = 512;

/** What drawing one model may take. */
export interface DrawLimits {
  readonly triangles: number;
  readonly samples: number;
  readonly parts: number;
  readonly joints: number;
}

export const DRAW_LIMITS: DrawLimits = {
  triangles: MAX_THUMBNAIL_TRIANGLES,
  samples: MAX_THUMBNAIL_SAMPLES,
  parts: MAX_THUMBNAIL_PARTS,
  joints: MAX_THUMBNAIL_JOINTS,
};
