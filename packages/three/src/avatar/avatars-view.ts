import type { Avatar } from '@weft/world';
import { type Camera, type Color, Group, type Scene, Vector3 } from 'three';
import type { MakeCanvas } from '../shared/text-canvas.ts';
import { Crowd, headOf } from './crowd.ts';
import { NameLabel } from './name-label.ts';
import { userColour } from './user-colour.ts';
import { WornModel, type WornModelHost } from './worn-model.ts';

/** Names that are shown at one time: those of who is nearest. */
export const MAX_NAME_LABELS = 32;
/** Models of avatars that are shown at one time; who comes later is shown without. */
export const MAX_WORN_MODELS = 32;

export interface AvatarsViewHost extends WornModelHost {
  readonly scene: Scene;
  readonly camera: Camera;
  readonly makeCanvas: MakeCanvas;
}

interface Shown {
  readonly colour: Color;
  readonly label: NameLabel;
  model: WornModel | null;
  /** In this frame: where the head is, and how far from the camera; `null` while out of sight. */
  distance: number | null;
  readonly head: Vector3;
}

const eye = new Vector3();

/** Everybody else in a world: their models, or else a body with head and hands; a name over those who are near. */
export class AvatarsView {
  readonly #host: AvatarsViewHost;
  readonly #group = new Group();
  readonly #crowd = new Crowd(this.#group);
  readonly #shown = new Map<Avatar, Shown>();
  #models = 0;

  constructor(host: AvatarsViewHost) {
    this.#host = host;
    // A click goes to what is behind them: people are no objects.
    this.#group.raycast = () => {};
  }

  /** How many are shown. */
  get size(): number {
    return this.#shown.size;
  }

  /** Shows them where they are now; to be called with each frame. @returns whether anybody is there */
  update(avatars: readonly Avatar[]): boolean {
    if (this.#group.parent === null && avatars.length > 0) this.#host.scene.add(this.#group);
    const others = new Set(avatars.filter(({ own }) => !own));
    for (const avatar of [...this.#shown.keys()]) if (!others.has(avatar)) this.#remove(avatar);
    this.#host.camera.getWorldPosition(eye);
    this.#crowd.begin();
    for (const avatar of others) this.#show(avatar);
    this.#crowd.end();
    this.#name();
    return others.size > 0;
  }

  dispose(): void {
    for (const avatar of [...this.#shown.keys()]) this.#remove(avatar);
    this.#crowd.dispose();
    this.#group.removeFromParent();
  }

  #show(avatar: Avatar): void {
    const shown = this.#shown.get(avatar) ?? this.#add(avatar);
    const pose = avatar.poseAt();
    this.#wear(avatar, shown);
    if (pose === null) {
      shown.distance = null;
      shown.model?.hide();
      return;
    }
    if (shown.model?.isReady) shown.model.show(pose);
    else this.#crowd.add(pose, shown.colour);
    shown.head.set(...(pose.head ?? headOf(pose)).position);
    shown.distance = shown.head.distanceTo(eye);
  }

  #wear({ model, user }: Avatar, shown: Shown): void {
    if (shown.model === null) {
      if (model === null || this.#models >= MAX_WORN_MODELS) return;
      shown.model = new WornModel(user, this.#host);
      this.#models += 1;
      this.#group.add(shown.model.part);
    }
    shown.model.wear(model);
  }

  #name(): void {
    const near = [...this.#shown].filter(([, { distance }]) => distance !== null);
    near.sort(([, a], [, b]) => (a.distance ?? 0) - (b.distance ?? 0));
    const named = new Set(near.slice(0, MAX_NAME_LABELS).map(([avatar]) => avatar));
    for (const [avatar, { label, colour, head }] of this.#shown)
      if (named.has(avatar)) label.show(avatar.name, colour, head);
      else label.hide();
  }

  #add(avatar: Avatar): Shown {
    const label = new NameLabel(this.#host.makeCanvas);
    const shown = {
      colour: userColour(avatar.user),
      label,
      model: null,
      distance: null,
      head: new Vector3(),
    };
    this.#shown.set(avatar, shown);
    this.#group.add(label.sprite);
    return shown;
  }

  #remove(avatar: Avatar): void {
    const shown = this.#shown.get(avatar);
    this.#shown.delete(avatar);
    shown?.label.dispose();
    if (shown?.model == null) return;
    shown.model.dispose();
    this.#models -= 1;
  }
}
