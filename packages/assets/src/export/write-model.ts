import type { Document, Mesh, Node } from '@gltf-transform/core';
import { modelIo } from '../publish/optimise/model-io.ts';

/** What an object shows: a mesh of its own, or nodes below it. */
export type PlacedModel = { readonly mesh: Mesh } | { readonly nodes: readonly Node[] };

/** Puts one model into a document, once, and gives it to each object that shows it. */
export class ModelWriter {
  readonly #document: Document;
  readonly #glb: Uint8Array;
  #mesh: Mesh | null = null;
  #first: readonly Node[] | null = null;

  constructor(document: Document, glb: Uint8Array) {
    this.#document = document;
    this.#glb = glb;
  }

  async place(): Promise<PlacedModel> {
    if (this.#mesh !== null) return { mesh: this.#mesh };
    // Bones and what moves are one object's alone; meshes are everybody's.
    if (this.#first !== null && !this.#first.some(isBound)) {
      return { nodes: this.#first.map((node) => cloneTree(this.#document, node)) };
    }
    const nodes = await this.#merge();
    const [only, ...more] = nodes;
    const mesh = only === undefined || more.length > 0 ? null : plainMesh(only);
    if (mesh === null) {
      this.#first ??= nodes;
      return { nodes };
    }
    only?.dispose();
    this.#mesh = mesh;
    return { mesh };
  }

  /** @returns the top nodes of its default scene, in no scene any more */
  async #merge(): Promise<readonly Node[]> {
    const { mergeDocuments } = await import('@gltf-transform/functions');
    const { Node } = await import('@gltf-transform/core');
    const source = await (await modelIo()).readBinary(this.#glb);
    const root = source.getRoot();
    const shown = root.getDefaultScene() ?? root.listScenes()[0];
    const copies = mergeDocuments(this.#document, source);
    const tops = (shown?.listChildren() ?? [])
      .map((top) => copies.get(top))
      .filter((top) => top instanceof Node);
    for (const scene of root.listScenes()) copies.get(scene)?.dispose();
    return tops;
  }
}

/** The mesh of a node that says nothing else. */
function plainMesh(node: Node): Mesh | null {
  const place = [...node.getTranslation(), ...node.getRotation(), ...node.getScale()];
  const isPlain =
    place.every((value, at) => value === IDENTITY[at]) &&
    node.listChildren().length === 0 &&
    node.getWeights().length === 0 &&
    Object.keys(node.getExtras()).length === 0 &&
    !isBoundAlone(node);
  return isPlain ? node.getMesh() : null;
}

const IDENTITY = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1];

function isBound(top: Node): boolean {
  let bound = false;
  top.traverse((node) => {
    bound ||= isBoundAlone(node);
  });
  return bound;
}

function isBoundAlone(node: Node): boolean {
  const isMoved = node.listParents().some(({ propertyType }) => propertyType === 'AnimationChannel');
  return isMoved || node.getSkin() !== null || node.listExtensions().length > 0;
}

function cloneTree(document: Document, node: Node): Node {
  const copy = document
    .createNode(node.getName())
    .setTranslation(node.getTranslation())
    .setRotation(node.getRotation())
    .setScale(node.getScale())
    .setMesh(node.getMesh())
    .setWeights(node.getWeights())
    .setExtras({ ...node.getExtras() });
  for (const child of node.listChildren()) copy.addChild(cloneTree(document, child));
  return copy;
}
