import { refuseTexture, textureSize } from '../picture/picture-header.ts';
import type { Complaint } from './budget.ts';
import { bytesOfView, type GltfModel } from './gltf-model.ts';

/** Pixels of all pictures of one model; four bytes each once they are drawn. */
export const MAX_MODEL_PIXELS = 4 * 16_777_216;

/** Holds the pictures of a model to their headers, before anything decodes them. `null` where all is well. */
export function checkPictures(model: GltfModel): Complaint | null {
  let pixels = 0;
  for (const [at, { bufferView }] of (model.document.images ?? []).entries()) {
    const bytes = bufferView === undefined ? null : bytesOfView(model, bufferView);
    if (bytes === null) return { expected: `data for picture ${at}`, got: 'none' };
    const reason = refuseTexture(bytes);
    if (reason !== null) return { expected: 'pictures that can be shown', got: `picture ${at}: ${reason}` };
    const { width, height } = textureSize(bytes);
    pixels += width * height;
    if (pixels > MAX_MODEL_PIXELS) {
      return { expected: `at most ${MAX_MODEL_PIXELS} pixels in all pictures together`, got: 'more' };
    }
  }
  return null;
}
