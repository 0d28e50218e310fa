import type { Avatar } from '@weft/world';
import { type Camera, type Color, Group, type Scene, Vector3 } from 'three';
import type { MakeCanvas } from '../shared/text-canvas.ts';
import { Crowd, headOf } from './crowd.ts';
import { placeLabels } from './label-layout.ts';
import { NameLabel } from './name-label.ts';
import { userColour } from './user-colour.ts';
import { WornModel, type WornModelHost } from './worn-model.ts';

/** Names that are shown at one time: those of who is nearest, and where none covers another. */
export const MAX_NAME_LABELS = 32;
/** Whoever is farther away has no name over them, in metres. */
export const MAX_NAME_METRES = 60;
/** How high a name is at least and at most, as a part of the picture: it can be read from any distance, and hides nobody. */
const LABEL_SHARES = [0.024, 0.042] as const;
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
const onScreen = new Vector3();

/** Everybody else in a world, and this client's own avatar where that is asked for: their models, or else a body with head and hands; a name over those who are near. */
export class AvatarsView {
  readonly #host: AvatarsViewHost;
  readonly #group = new Group();
  readonly #crowd = new Crowd(this.#group);
  readonly #shown = new Map<Avatar, Shown>();
  #models = 0;
  /** Whether this client's own avatar is shown: a camera that is not its eyes sees it. */
  showsOwn = false;

  constructor(host: AvatarsViewHost) {
    this.#host = host;
    // A click goes to what is behind them: people are no objects.
    this.#group.raycast = () => {};
  }

  /** How many others are shown. */
  get size(): number {
    let others = 0;
    for (const { own } of this.#shown.keys()) if (!own) others += 1;
    return others;
  }

  /** Shows them where they are now; to be called with each frame. @returns whether anybody is there */
  update(avatars: readonly Avatar[]): boolean {
    if (this.#group.parent === null && avatars.length > 0) this.#host.scene.add(this.#group);
    const others = new Set(avatars.filter(({ own }) => !own || this.showsOwn));
    for (const avatar of [...this.#shown.keys()]) if (!others.has(avatar)) this.#remove(avatar);
    this.#host.camera.getWorldPosition(eye);
    this.#crowd.begin();
    for (const avatar of others) this.#show(avatar);
    this.#crowd.end();
    this.#name();
    return avatars.some(({ own }) => !own || this.showsOwn);
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

  /** Names over heads, as far as they can be read: none covers another, and the nearest come first. */
  #name(): void {
    const { projectionMatrix, matrixWorldInverse } = this.#host.camera;
    const [across = 1, , , , , up = 1] = projectionMatrix.elements;
    const isPerspective = projectionMatrix.elements[11] === -1;
    const boxes = [];
    for (const [avatar, { label, colour, head, distance }] of this.#shown) {
      if (avatar.own || distance === null || distance > MAX_NAME_METRES) continue;
      const depth = isPerspective ? -onScreen.copy(head).applyMatrix4(matrixWorldInverse).z : 1;
      if (depth <= 0) continue;
      const [least, most] = LABEL_SHARES;
      const metres = (2 * depth) / up;
      const place = { name: avatar.name, colour, head, least: least * metres, most: most * metres };
      const size = label.fit(place);
      if (size === null) continue;
      const { x, y } = onScreen.copy(label.sprite.position).project(this.#host.camera);
      const [halfWidth, halfHeight] = [(size[0] * across) / depth / 2, (size[1] * up) / depth / 2];
      boxes.push({ x, y, halfWidth, halfHeight, distance, isShown: label.isShown, label });
    }
    const placed = new Set(placeLabels(boxes, MAX_NAME_LABELS).map(({ label }) => label));
    for (const { label } of this.#shown.values()) label.show(placed.has(label));
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
