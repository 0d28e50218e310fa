import type { Document, Node } from '@gltf-transform/core';
import type { KHRLightsPunctual } from '@gltf-transform/extensions';
import type { ObjectId, Value } from '@weft/core';
import type { Decoder } from '../decode/decoder.ts';
import { MAX_GLB_BYTES } from '../gltf/container.ts';
import { checkGlb } from '../gltf/glb.ts';
import { writeOmi } from '../interop/omi.ts';
import { FOREIGN_COMPONENT, isKept, OWN_EXTRAS, recordOf } from '../interop/own-extras.ts';
import { PUNCTUAL_LIGHTS, writePunctualLight } from '../interop/punctual-light.ts';
import { keptExtensions, modelIo } from '../publish/optimise/model-io.ts';
import { type ExportedGlb, MAX_EXPORT_NOTES } from './export-source.ts';
import type { GatheredScene, LoadedModel } from './gathered-scene.ts';
import { modelKey, plainModels, tooLarge } from './load-models.ts';
import type { ExportedObject } from './object-copy.ts';
import { objectTooFar, tooFar } from './too-far.ts';
import { withExtensions } from './write-extensions.ts';
import { ModelWriter } from './write-model.ts';
import { ShapeWriter } from './write-shape.ts';

export interface WriteGlbOptions {
  /** Undoes what is compressed by Draco; without it such a model is left out. */
  readonly decoder?: Pick<Decoder, 'forModel'>;
  /** Told as objects are put in. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Objects after which it is told how far it is. */
const TOLD_OBJECTS = 100;

/** The part of `exportGlb` that computes. @throws AssetError `too-large` */
export async function writeGlb(
  { objects, models, placed, title }: GatheredScene,
  { decoder, onProgress = () => undefined }: WriteGlbOptions,
): Promise<ExportedGlb> {
  const plain = await plainModels(models, decoder);
  const { Document } = await import('@gltf-transform/core');
  return new Exporting(new Document(), plain, placed).run(objects, title, onProgress);
}

class Exporting {
  readonly #document: Document;
  readonly #models: ReadonlyMap<string, LoadedModel>;
  readonly #writers = new Map<string, ModelWriter>();
  readonly #shapes: ShapeWriter;
  readonly #notes: string[] = [];
  #lights: KHRLightsPunctual | null = null;
  readonly #extensions = new Map<Node, Record<string, unknown>>();
  readonly #owners = new Map<Node, ExportedObject>();
  readonly #placed: ReadonlySet<ObjectId>;

  /** @param placed objects that are written where they are in the world */
  constructor(document: Document, models: ReadonlyMap<string, LoadedModel>, placed: ReadonlySet<ObjectId>) {
    this.#placed = placed;
    this.#document = document;
    this.#models = models;
    this.#shapes = new ShapeWriter(document);
  }

  async run(
    objects: readonly ExportedObject[],
    title: string,
    onProgress: (done: number, total: number) => void,
  ): Promise<ExportedGlb> {
    const scene = this.#document.createScene(title);
    this.#document.getRoot().setDefaultScene(scene);
    const nodes = new Map<ObjectId, Node>();
    for (const object of objects) {
      const node = await this.#write(object);
      nodes.set(object.id, node);
      this.#owners.set(node, object);
      const parent = nodes.get(object.parent);
      if (parent === undefined) scene.addChild(node);
      else parent.addChild(node);
      if (nodes.size % TOLD_OBJECTS === 0) onProgress(nodes.size, objects.length);
    }
    const glb = await this.#file();
    const models = [...this.#models.values()].filter((model) => 'glb' in model).length;
    return { glb, objects: objects.length, models, notes: this.#notes };
  }

  async #write(object: ExportedObject): Promise<Node> {
    const { transform } = object;
    const node = this.#document.createNode(object.node?.name ?? '');
    if (this.#placed.has(object.id)) node.setMatrix(matrixOf(object));
    else if (transform !== undefined) {
      node
        .setTranslation([...transform.position])
        .setRotation(unit(transform.rotation))
        .setScale([...transform.scale]);
    }
    const said = new Set<string>([FOREIGN_COMPONENT]);
    const own: Record<string, unknown> = {};
    await this.#writeMesh(object, node, said, own);
    if (await this.#writeLight(object, node)) said.add('light');
    const known = await keptExtensions();
    const others = Object.entries(foreign(object, 'extensions')).filter(([name]) => !known.has(name));
    const extensions = { ...Object.fromEntries(others), ...writeOmi(object) };
    if (Object.keys(extensions).length > 0) this.#extensions.set(node, extensions);
    const components = componentsOf(object, said);
    if (Object.keys(components).length > 0) own.components = components;
    const extras = {
      ...foreign(object, 'extras'),
      ...(Object.keys(own).length === 0 ? {} : { [OWN_EXTRAS]: own }),
    };
    node.setExtras(extras);
    if (object.component('document') !== undefined)
      this.#note(object, 'its document is left out: it is no part of a model');
    return node;
  }

  /** @returns whether glTF can say it */
  async #writeLight({ light }: ExportedObject, node: Node): Promise<boolean> {
    const written = light === undefined ? null : writePunctualLight(light);
    if (written === null) return false;
    const { KHRLightsPunctual } = await import('@gltf-transform/extensions');
    this.#lights ??= this.#document.createExtension(KHRLightsPunctual);
    const copy = this.#lights
      .createLight()
      .setType(written.type)
      .setColor([...written.color])
      .setIntensity(written.intensity)
      .setRange(written.range)
      .setInnerConeAngle(written.innerConeAngle)
      .setOuterConeAngle(written.outerConeAngle);
    node.setExtension(PUNCTUAL_LIGHTS, copy);
    return true;
  }

  /** An object that shows both a model and a shape has the shape in a node below it. */
  async #writeMesh(
    object: ExportedObject,
    node: Node,
    said: Set<string>,
    own: Record<string, unknown>,
  ): Promise<void> {
    const shape = await this.#shapes.write(object);
    if (shape !== null) own.shapeVertices = shape.vertices;
    const src = object.mesh?.src;
    const key = src === undefined ? null : modelKey({ ...object.mesh, src });
    const model = key === null ? undefined : this.#models.get(key);
    if (key === null || model === undefined || 'why' in model) {
      if (model !== undefined && 'why' in model) this.#note(object, `its model is left out: ${model.why}`);
      if (shape !== null) node.setMesh(shape.mesh);
      return;
    }
    if (shape !== null)
      this.#note(object, 'its shape is left out: a node shows one mesh, and this has a model');
    const writer = this.#writers.get(key) ?? new ModelWriter(this.#document, model.glb);
    this.#writers.set(key, writer);
    const placed = await writer.place();
    said.add('mesh');
    if ('mesh' in placed) node.setMesh(placed.mesh);
    else {
      own.isModel = true;
      for (const below of placed.nodes) node.addChild(below);
    }
  }

  async #file(): Promise<Uint8Array<ArrayBuffer>> {
    const { dedup, unpartition } = await import('@gltf-transform/functions');
    const { PropertyType } = await import('@gltf-transform/core');
    const propertyTypes = [
      PropertyType.ACCESSOR,
      PropertyType.TEXTURE,
      PropertyType.MATERIAL,
      PropertyType.SKIN,
    ];
    await this.#document.transform(dedup({ propertyTypes, keepUniqueNames: true }), unpartition());
    const far = objectTooFar(this.#document, this.#owners);
    if (far !== null) throw tooFar(far);
    const root = this.#document.getRoot();
    // One that holds nothing has no length, which glTF wants.
    if (root.listAccessors().length + root.listTextures().length === 0)
      for (const buffer of root.listBuffers()) buffer.dispose();
    const written = await (await modelIo()).writeBinary(this.#document);
    const indexes = new Map(
      root.listNodes().flatMap((node, at) => {
        const extensions = this.#extensions.get(node);
        return extensions === undefined ? [] : [[at, extensions] as const];
      }),
    );
    const glb = withExtensions(written, indexes);
    if (glb.length > MAX_GLB_BYTES) throw tooLarge();
    checkGlb(glb, 'the export');
    return glb;
  }

  #note(object: ExportedObject, why: string): void {
    const name = object.node?.name ?? '';
    if (this.#notes.length < MAX_EXPORT_NOTES)
      this.#notes.push(`${name === '' ? object.id : `“${name}”`}: ${why}.`);
  }
}

function matrixOf({ worldMatrix: m }: ExportedObject): Parameters<Node['setMatrix']>[0] {
  const [
    a = 1,
    b = 0,
    c = 0,
    d = 0,
    e = 0,
    f = 1,
    g = 0,
    h = 0,
    i = 0,
    j = 0,
    k = 1,
    l = 0,
    x = 0,
    y = 0,
    z = 0,
    w = 1,
  ] = m;
  return [a, b, c, d, e, f, g, h, i, j, k, l, x, y, z, w];
}

function componentsOf(
  object: ExportedObject,
  said: ReadonlySet<string>,
): Record<string, Record<string, Value>> {
  const components: Record<string, Record<string, Value>> = {};
  for (const name of object.componentNames) {
    if (said.has(name)) continue;
    const kept = Object.entries(object.component(name) ?? {}).filter(([property]) => isKept(name, property));
    if (kept.length > 0) components[name] = Object.fromEntries(kept);
  }
  return components;
}

/** What another program wrote on the node that this object once was. */
function foreign(object: ExportedObject, part: 'extras' | 'extensions'): Readonly<Record<string, unknown>> {
  return recordOf(object.component(FOREIGN_COMPONENT)?.[part]) ?? {};
}

function unit([x, y, z, w]: readonly [number, number, number, number]): [number, number, number, number] {
  const length = Math.hypot(x, y, z, w);
  if (length === 0) return [0, 0, 0, 1];
  return Math.abs(length - 1) < 1e-9 ? [x, y, z, w] : [x / length, y / length, z / length, w / length];
}
