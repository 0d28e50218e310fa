import { type Box, measureScene } from './bounds.ts';
import { type Complaint, checkBudget } from './budget.ts';
import { checkCompression } from './compression.ts';
import type { GltfModel } from './gltf-model.ts';
import { malformed } from './malformed.ts';
import { checkPictures } from './pictures.ts';
import { checkPositions } from './positions.ts';

/** What a checked model holds. */
export interface GlbInfo {
  /** Of the default scene at rest, in metres; `null` where it draws nothing or does not say. */
  readonly bounds: Box | null;
  /** Drawn by the default scene. */
  readonly vertices: number;
  readonly nodes: number;
  readonly meshes: number;
  /** Without these a viewer cannot show the model. */
  readonly extensionsRequired: readonly string[];
}

/**
 * Holds a model to glTF 2.0 before anything decodes it: lengths, counts, references, what compressed parts are to become, and the
 * headers of its pictures.
 *
 * Cost: linear in the JSON and in the positions that are not compressed.
 * @throws AssetError `malformed-glb`
 */
export function checkModel(model: GltfModel, what: string): GlbInfo {
  const { document } = model;
  const refuse = ({ expected, got, hint }: Complaint) => malformed(what, expected, got, hint);
  const complaint =
    checkBudget(model) ?? checkCompression(document) ?? checkPictures(model) ?? checkPositions(model);
  if (complaint !== null) throw refuse(complaint);
  const measured = measureScene(document);
  if ('expected' in measured) throw refuse(measured);
  return {
    bounds: measured.box,
    vertices: measured.vertices,
    nodes: document.nodes?.length ?? 0,
    meshes: document.meshes?.length ?? 0,
    extensionsRequired: document.extensionsRequired ?? [],
  };
}
