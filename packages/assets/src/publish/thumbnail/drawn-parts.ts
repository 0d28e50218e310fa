import type { Document, Node, Primitive, Skin } from '@gltf-transform/core';
import { mat4 } from 'gl-matrix';
import { identity, type Matrix, multiplied } from '../../gltf/matrix.ts';
import { elementsOf } from './elements.ts';

/** One part of a mesh where one node shows it. */
export interface DrawnPart {
  readonly primitive: Primitive;
  readonly matrix: Matrix;
  /** Of each bone, from the mesh at rest to the model; `null` where it has no skin. */
  readonly bones: readonly Matrix[] | null;
}

const VERTEX_AXES = 3;

/** Where every node of the default scene is. The model has been through `checkGlb`, so that its tree ends. */
export class ModelParts {
  readonly #places = new Map<Node, Matrix>();
  readonly #skins = new Map<Skin, readonly Matrix[]>();

  constructor(document: Document) {
    const root = document.getRoot();
    const scene = root.getDefaultScene() ?? root.listScenes()[0];
    const above: Matrix = identity();
    const waiting = (scene?.listChildren() ?? []).map((node) => ({ node, above }));
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const place = multiplied(next.above, next.node.getMatrix());
      this.#places.set(next.node, place);
      for (const node of next.node.listChildren()) waiting.push({ node, above: place });
    }
  }

  /** Bones of all skins that are shown. */
  get joints(): number {
    const skins = new Set([...this.#places.keys()].flatMap((node) => node.getSkin() ?? []));
    return [...skins].reduce((sum, skin) => sum + skin.listJoints().length, 0);
  }

  /** In the order of the nodes; the same with every call. */
  *[Symbol.iterator](): Generator<DrawnPart> {
    for (const [node, place] of this.#places) {
      const mesh = node.getMesh();
      if (mesh === null) continue;
      const skin = node.getSkin();
      const bones = skin === null ? null : this.#bonesOf(skin);
      for (const matrix of instances(node, place)) {
        for (const primitive of mesh.listPrimitives()) yield { primitive, matrix, bones };
      }
    }
  }

  #bonesOf(skin: Skin): readonly Matrix[] {
    const known = this.#skins.get(skin);
    if (known !== undefined) return known;
    const inverse = elementsOf(skin.getInverseBindMatrices());
    const bones = skin.listJoints().map((joint, at) => {
      const place = this.#places.get(joint) ?? identity();
      if (inverse === null || at >= inverse.count) return place;
      return multiplied(
        place,
        Array.from({ length: 16 }, (_, part) => inverse.array[at * 16 + part] ?? 0),
      );
    });
    this.#skins.set(skin, bones);
    return bones;
  }
}

/** EXT_mesh_gpu_instancing: the same mesh many times. */
function* instances(node: Node, place: Matrix): Generator<Matrix> {
  const extension = node.getExtension('EXT_mesh_gpu_instancing');
  if (extension === null || !isInstancing(extension)) {
    yield place;
    return;
  }
  const [moved, turned, sized] = ['TRANSLATION', 'ROTATION', 'SCALE'].map((name) =>
    elementsOf(extension.getAttribute(name)),
  );
  const count = moved?.count ?? turned?.count ?? sized?.count ?? 0;
  for (let at = 0; at < count; at += 1) {
    const triple = (from: typeof moved, fallback: number): [number, number, number] => {
      const part = (axis: number) => (from?.array[at * VERTEX_AXES + axis] ?? fallback) * (from?.factor ?? 1);
      return [part(0), part(1), part(2)];
    };
    const turn = (axis: number) =>
      (turned?.array[at * 4 + axis] ?? (axis === 3 ? 1 : 0)) * (turned?.factor ?? 1);
    const own = mat4.fromRotationTranslationScale(
      identity(),
      [turn(0), turn(1), turn(2), turn(3)],
      triple(moved, 0),
      triple(sized, 1),
    );
    yield multiplied(place, [...own]);
  }
}

interface Instancing {
  getAttribute(name: string): Parameters<typeof elementsOf>[0];
}

function isInstancing(extension: object): extension is Instancing {
  return 'getAttribute' in extension;
}
