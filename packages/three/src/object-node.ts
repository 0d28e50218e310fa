import { componentOf, type ObjectId, type Path, type SceneObject, type Transform } from '@weft/core';
import type { PartPose } from '@weft/world';
import { Matrix4, Object3D, Quaternion, Vector3 } from 'three';
import type { Binding, BindingHost, BindingKind } from './binding/binding.ts';
import { BINDING_KINDS } from './binding/kinds.ts';

const inverse = new Matrix4();
const local = new Matrix4();
const position = new Vector3();
const rotation = new Quaternion();
const scale = new Vector3();

const AT_REST: Transform = { position: [0, 0, 0], rotation: [0, 0, 0, 1], scale: [1, 1, 1] };

/** One object of the world as a node of the three.js scene, with a part for each component that can be seen. */
export class ObjectNode {
  readonly id: ObjectId;
  readonly holder = new Object3D();
  readonly #host: BindingHost;
  readonly #bindings = new Map<BindingKind, Binding>();
  #holds = 0;
  #isCarried = false;

  constructor(id: ObjectId, host: BindingHost) {
    this.id = id;
    this.#host = host;
    // Thousands of objects at rest: a matrix is computed when its transform changes, not on every frame.
    this.holder.matrixAutoUpdate = false;
  }

  /** @param paths what changed; `null` for everything */
  update(object: SceneObject, paths: readonly Path[] | null): void {
    const components = paths === null ? null : new Set(paths.map(componentOf));
    if (components === null || components.has('transform')) this.#applyTransform(object);
    for (const kind of BINDING_KINDS) {
      const touched =
        components === null ||
        components.has(kind.component) ||
        kind.reads.some((name) => components.has(name));
      if (touched) this.#applyBinding(kind, object);
    }
  }

  /** While held, the world's transform is not applied: somebody is dragging the holder. */
  hold(): void {
    this.#holds += 1;
    this.holder.matrixAutoUpdate = true;
  }

  unhold(object: SceneObject | undefined): void {
    this.#holds -= 1;
    if (this.#holds > 0) return;
    this.holder.matrixAutoUpdate = false;
    if (object !== undefined) this.#applyTransform(object);
  }

  /** Somebody carries it: it is there, with its own size, whatever the world has. */
  carry(place: PartPose): void {
    this.#isCarried = true;
    const { holder } = this;
    if (this.#holds > 0 || holder.parent === null) return;
    holder.parent.updateWorldMatrix(true, false);
    inverse.copy(holder.parent.matrixWorld).invert();
    local.compose(position.set(...place.position), rotation.set(...place.rotation), scale.set(1, 1, 1));
    local.premultiply(inverse).decompose(holder.position, holder.quaternion, scale);
    holder.updateMatrix();
    holder.matrixWorldNeedsUpdate = true;
  }

  /** Nobody carries it any more. */
  putDown(object: SceneObject | undefined): void {
    this.#isCarried = false;
    if (object !== undefined) this.#applyTransform(object);
  }

  get parts(): readonly Object3D[] {
    return [...this.#bindings.values()].map((binding) => binding.part);
  }

  dispose(): void {
    for (const binding of this.#bindings.values()) {
      this.holder.remove(binding.part);
      binding.dispose();
    }
    this.#bindings.clear();
    this.holder.removeFromParent();
  }

  #applyTransform(object: SceneObject): void {
    if (this.#holds > 0 || this.#isCarried) return;
    const transform = object.transform ?? AT_REST;
    this.holder.position.set(...transform.position);
    this.holder.quaternion.set(...transform.rotation);
    // Each part is within its schema; together they may still be slightly off a unit, or all zero.
    if (this.holder.quaternion.lengthSq() === 0) this.holder.quaternion.identity();
    this.holder.quaternion.normalize();
    this.holder.scale.set(...transform.scale);
    this.holder.updateMatrix();
    this.holder.matrixWorldNeedsUpdate = true;
  }

  #applyBinding(kind: BindingKind, object: SceneObject): void {
    const known = this.#bindings.get(kind);
    if (object.component(kind.component) === undefined) {
      if (known === undefined) return;
      this.#bindings.delete(kind);
      this.holder.remove(known.part);
      known.dispose();
      return;
    }
    const binding = known ?? kind.make(this.id, this.#host);
    binding.update(object);
    if (known !== undefined) return;
    this.#bindings.set(kind, binding);
    this.holder.add(binding.part);
  }
}
