import type { Document, Mesh } from '@gltf-transform/core';
import type { ComponentWrites } from '@weft/core';
import { AssetError } from '../asset-error.ts';
import type { Decoder } from '../decode/decoder.ts';
import { readContainer } from '../gltf/container.ts';
import { checkGlb } from '../gltf/glb.ts';
import { undoDraco } from '../gltf/undo-draco.ts';
import type { StartFileHash } from '../hash/file-hash.ts';
import { keptExtensions, modelIo } from '../publish/optimise/model-io.ts';
import { boundRoots } from './bound-nodes.ts';
import {
  type ExplodedMesh,
  type ExplodedModel,
  type ExplodedObject,
  MAX_EXPLODE_NOTES,
  MAX_EXPLODED_BYTES,
  MAX_EXPLODED_DEPTH,
  MAX_EXPLODED_MESHES,
  MAX_EXPLODED_OBJECTS,
} from './exploded-model.ts';
import { type ModelNode, type ModelTree, readTree } from './model-tree.ts';
import { meshAlone, subtreesAlone } from './part-model.ts';
import { readNode } from './read-node.ts';

export interface ExplodeOptions {
  /** What people call it; default "the model". */
  readonly name?: string;
  /** Told as meshes are written. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly startHash: StartFileHash;
  /** Undoes what is compressed by Draco; without it such a model is refused. */
  readonly decoder?: Pick<Decoder, 'forModel'>;
}

/**
 * Takes a GLB apart: each node an object with its name, its transform and its place in the tree; each mesh a file of its own, once,
 * however many nodes show it. What a skin or an animation binds together stays one model. Lights, and the links and spawn points of
 * OMI, become components; what else other programs wrote on a node is kept in `gltf:node`, for an export to give back. Of a file that
 * an export wrote, the components come back as they were. What Draco compressed becomes plain.
 *
 * Cost: the meshes are read and written once, about 20 ns a byte. Nothing is stored.
 * @throws AssetError as `checkGlb`; `too-large` past 5,000 objects, 500 meshes, 200 levels, or 200 MiB of meshes; `unreadable` for
 *   one that needs an extension that cannot be taken apart
 */
export async function explodeGlb(file: Uint8Array, options: ExplodeOptions): Promise<ExplodedModel> {
  const { name = 'the model', decoder } = options;
  const what = `take ${name} apart`;
  checkGlb(file, name);
  const glb = decoder === undefined ? file : await undoDraco(file, decoder, what);
  const { extensionsRequired } = checkGlb(glb, name);
  const kept = await keptExtensions();
  const unknown = extensionsRequired.find((extension) => !kept.has(extension));
  if (unknown !== undefined) {
    throw new AssetError('unreadable', {
      what,
      expected: 'a model of parts that can be told apart',
      got: `one that needs ${unknown}`,
      hint: 'Import it whole, or export it without that extension.',
    });
  }
  const { json } = readContainer(glb, what);
  const document = await (await modelIo()).readBinary(glb);
  const tree = readTree(document, json);
  checkTree(tree, what);
  const exploding = new Exploding(document, tree, glb, what);
  if (glb !== file) exploding.note('Its meshes were compressed by Draco; they are plain now, and larger.');
  return exploding.run(options);
}

function checkTree({ nodes }: ModelTree, what: string): void {
  const deepest = Math.max(0, ...[...nodes.values()].map(({ depth }) => depth));
  if (nodes.size > MAX_EXPLODED_OBJECTS)
    throw tooMuch(what, `${MAX_EXPLODED_OBJECTS} objects`, `${nodes.size}`);
  if (deepest > MAX_EXPLODED_DEPTH) throw tooMuch(what, `${MAX_EXPLODED_DEPTH} levels`, `${deepest}`);
}

function tooMuch(what: string, most: string, got: string): AssetError {
  return new AssetError('too-large', {
    what,
    expected: `at most ${most}`,
    got,
    hint: 'Import it whole, or in parts.',
  });
}

/** A mesh still to be written, in the order in which objects want them. */
type Wanted = { readonly name: string; readonly write: () => Promise<Uint8Array<ArrayBuffer>> };

class Exploding {
  readonly #document: Document;
  readonly #tree: ModelTree;
  readonly #glb: Uint8Array;
  readonly #what: string;
  readonly #notes: string[] = [];
  readonly #objects: ExplodedObject[] = [];
  readonly #wanted: Wanted[] = [];
  readonly #places = new Map<Mesh, number>();

  constructor(document: Document, tree: ModelTree, glb: Uint8Array, what: string) {
    this.#document = document;
    this.#tree = tree;
    this.#glb = glb;
    this.#what = what;
  }

  async run({ onProgress, startHash }: ExplodeOptions): Promise<ExplodedModel> {
    const whole = boundRoots(this.#parents(), this.#tree.bonds);
    if (whole === null) this.#keepWhole();
    else for (const top of this.#tree.tops) this.#take(top, null, whole);
    if (this.#wanted.length > MAX_EXPLODED_MESHES) {
      throw tooMuch(this.#what, `${MAX_EXPLODED_MESHES} meshes`, `${this.#wanted.length}`);
    }
    this.#noteOthers();
    const meshes: ExplodedMesh[] = [];
    let bytes = 0;
    for (const { name, write } of this.#wanted) {
      const glb = await write();
      bytes += glb.length;
      if (bytes > MAX_EXPLODED_BYTES) {
        throw tooMuch(
          this.#what,
          `${MAX_EXPLODED_BYTES} bytes of meshes, with what each of them uses`,
          'more',
        );
      }
      const sha256 = await startHash().digest(glb);
      meshes.push({ name, glb, sha256, bounds: checkGlb(glb, name).bounds });
      onProgress?.(meshes.length, this.#wanted.length);
    }
    return { objects: this.#objects, meshes, bytes, notes: this.#notes };
  }

  #parents() {
    const nodes = this.#document.getRoot().listNodes();
    return nodes.map((_, at) => ({ parent: this.#tree.nodes.get(at)?.parent ?? null }));
  }

  /** A skin or an animation reaches over all of it. */
  #keepWhole(): void {
    this.note('A skin or an animation binds all of it together: it stays one model.');
    const write = async () => Uint8Array.from(this.#glb);
    this.#objects.push({ parent: null, components: {}, mesh: this.#want('model', write) });
  }

  // The depth was checked.
  #take(at: number, parent: number | null, whole: ReadonlySet<number>): void {
    const found = this.#tree.nodes.get(at);
    if (found === undefined) return;
    const { components, isModel, showsMesh } = readNode(found, this.#tree.lights, (note) => this.note(note));
    const index = this.#objects.length;
    if (isModel || whole.has(at)) {
      this.#objects.push({ parent, ...this.#model(found, components, isModel) });
      return;
    }
    const mesh = found.node.getMesh();
    const file = mesh === null || !showsMesh ? null : this.#meshOf(mesh);
    this.#objects.push({ parent, components, mesh: file });
    for (const child of found.children) this.#take(child, index, whole);
  }

  /** What hangs together: the object stands where its top node does, unless that is moved by an animation of its own. */
  #model(
    { at, node }: ModelNode,
    components: ComponentWrites,
    isOwn: boolean,
  ): Pick<ExplodedObject, 'components' | 'mesh'> {
    const isMoved = this.#tree.moved.has(at);
    if (!isOwn)
      this.note(
        `${node.getName() || 'A node'} and all below it stay one model: a skin or an animation binds them.`,
      );
    const { transform: _, ...unmoved } = components;
    // Of our own, the node is the object, and what hangs from it the model.
    const write = () =>
      isOwn
        ? subtreesAlone(this.#document, node.listChildren(), { atOrigin: false })
        : subtreesAlone(this.#document, [node], { atOrigin: !isMoved });
    return { components: isMoved ? unmoved : components, mesh: this.#want(node.getName(), write) };
  }

  #meshOf(mesh: Mesh): number {
    const known = this.#places.get(mesh);
    if (known !== undefined) return known;
    const place = this.#want(mesh.getName(), () => meshAlone(this.#document, mesh));
    this.#places.set(mesh, place);
    return place;
  }

  #want(name: string, write: Wanted['write']): number {
    this.#wanted.push({ name: name || 'mesh', write });
    return this.#wanted.length - 1;
  }

  #noteOthers(): void {
    const root = this.#document.getRoot();
    const outside = root.listNodes().length - this.#tree.nodes.size;
    if (outside > 0) this.note(`${outside} nodes are in no scene, or in another one, and are left out.`);
    if (root.listCameras().length > 0) this.note('Cameras are left out.');
  }

  note(note: string): void {
    if (this.#notes.length < MAX_EXPLODE_NOTES) this.#notes.push(note);
  }
}
