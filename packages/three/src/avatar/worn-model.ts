import type { AvatarModel, MoverPose, UserId } from '@weft/world';
import { Box3, Group, type Object3D } from 'three';
import { clone } from 'three/examples/jsm/utils/SkeletonUtils.js';
import { assetRefOf } from '../asset/asset-ref.ts';
import type { Outcome, Shelf } from '../asset/shelf.ts';
import type { Quota } from '../shared/quota.ts';

export interface WornModelHost {
  readonly models: Shelf<Object3D, UserId>;
  readonly modelNodes: Quota;
  readonly redraw: () => void;
}

/** The model that somebody wears, once it is there: where the body is, as high as they say. */
export class WornModel {
  readonly part = new Group();
  readonly #host: WornModelHost;
  readonly #user: UserId;
  #model: AvatarModel | null = null;
  #giveBack: (() => void) | null = null;
  #freeNodes: (() => void) | null = null;

  constructor(user: UserId, host: WornModelHost) {
    this.#user = user;
    this.#host = host;
    this.part.visible = false;
  }

  /** Whether there is anything to show. */
  get isReady(): boolean {
    return this.part.children.length > 0;
  }

  wear(model: AvatarModel | null): void {
    if (model === this.#model) return;
    const last = this.#giveBack;
    this.#model = model;
    const ref = assetRefOf(model ?? undefined);
    this.#giveBack =
      ref === null ? null : this.#host.models.use(ref, this.#user, (outcome) => this.#settle(outcome));
    if (model === null) this.#settle(null);
    last?.();
  }

  show({ body }: MoverPose): void {
    this.part.visible = true;
    this.part.position.set(...body.position);
    this.part.quaternion.set(...body.rotation);
  }

  hide(): void {
    this.part.visible = false;
  }

  dispose(): void {
    this.#giveBack?.();
    this.#giveBack = null;
    this.#settle(null);
    this.part.removeFromParent();
  }

  #settle(outcome: Outcome<Object3D> | null): void {
    this.part.clear();
    this.#freeNodes?.();
    this.#freeNodes = null;
    if (outcome?.state !== 'ready') return;
    let nodes = 0;
    outcome.value.traverse(() => {
      nodes += 1;
    });
    this.#freeNodes = this.#host.modelNodes.take(nodes);
    // Too many already: the placeholder stays.
    if (this.#freeNodes === null) return;
    const shown = clone(outcome.value);
    const metres = new Box3().setFromObject(shown).max.y;
    const height = this.#model?.height ?? null;
    if (height !== null && metres > 0) shown.scale.multiplyScalar(height / metres);
    // Models look along +z, and who is in a world along -z.
    shown.rotation.y += Math.PI;
    this.part.add(shown);
    this.#host.redraw();
  }
}
