import type { Document, Mesh } from '@gltf-transform/core';
import type { KHRMaterialsEmissiveStrength } from '@gltf-transform/extensions';
import { type ComponentMap, readComponent } from '@weft/core';
import type { ExportedObject } from './object-copy.ts';

/** A shape may be flat; its normals are those of one that is nearly so. */
const LEAST_EXTENT = 1e-4;

export interface WrittenShape {
  readonly mesh: Mesh;
  readonly vertices: number;
}

/** Writes the shapes of primitives as meshes, equal ones once. */
export class ShapeWriter {
  readonly #document: Document;
  readonly #written = new Map<string, WrittenShape>();
  #emissive: KHRMaterialsEmissiveStrength | null = null;

  constructor(document: Document) {
    this.#document = document;
  }

  async write({
    primitive,
    material = readComponent('material', {}),
  }: ExportedObject): Promise<WrittenShape | null> {
    if (primitive === undefined) return null;
    const key = JSON.stringify([primitive.shape, primitive.size, material]);
    const known = this.#written.get(key);
    if (known !== undefined) return known;
    const written = await this.#write(primitive, material);
    this.#written.set(key, written);
    return written;
  }

  async #write(
    { shape, size }: ComponentMap['primitive'],
    material: ComponentMap['material'],
  ): Promise<WrittenShape> {
    const { SHAPES } = await import('../shape/shapes.ts');
    const [x, y, z] = size.map((extent) => Math.max(extent, LEAST_EXTENT));
    const geometry = SHAPES[shape]().scale(x ?? 1, y ?? 1, z ?? 1);
    const document = this.#document;
    const buffer = document.getRoot().listBuffers()[0] ?? document.createBuffer();
    const part = document.createPrimitive().setMaterial(await this.#material(material));
    for (const [name, semantic] of ATTRIBUTES) {
      const attribute = geometry.getAttribute(name);
      const array = Float32Array.from(attribute.array);
      const type = attribute.itemSize === 2 ? 'VEC2' : 'VEC3';
      part.setAttribute(semantic, document.createAccessor().setType(type).setArray(array).setBuffer(buffer));
    }
    const indices = Uint32Array.from(geometry.index?.array ?? []);
    if (indices.length > 0) {
      const small = indices.length < 65_535 ? Uint16Array.from(indices) : indices;
      part.setIndices(document.createAccessor().setType('SCALAR').setArray(small).setBuffer(buffer));
    }
    geometry.dispose();
    return {
      mesh: document.createMesh(shape).addPrimitive(part),
      vertices: geometry.getAttribute('position').count,
    };
  }

  async #material(from: ComponentMap['material']) {
    const [red, green, blue, alpha] = from.baseColorFactor;
    const material = this.#document
      .createMaterial()
      .setBaseColorFactor([red, green, blue, alpha])
      .setMetallicFactor(from.metallicFactor)
      .setRoughnessFactor(from.roughnessFactor)
      .setEmissiveFactor([...from.emissiveFactor])
      .setAlphaMode(from.alphaMode)
      .setAlphaCutoff(from.alphaCutoff)
      .setDoubleSided(from.doubleSided);
    if (from.emissiveStrength === 1) return material;
    const { KHRMaterialsEmissiveStrength } = await import('@gltf-transform/extensions');
    this.#emissive ??= this.#document.createExtension(KHRMaterialsEmissiveStrength);
    const strength = this.#emissive.createEmissiveStrength().setEmissiveStrength(from.emissiveStrength);
    return material.setExtension('KHR_materials_emissive_strength', strength);
  }
}

const ATTRIBUTES = [
  ['position', 'POSITION'],
  ['normal', 'NORMAL'],
  ['uv', 'TEXCOORD_0'],
] as const;
