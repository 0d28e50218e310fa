import { Box3, Sprite, SpriteMaterial, type Texture } from 'three';
import type { Vec3 } from '../vec3.ts';

const OPACITY = { loading: 0.95, failed: 0.75 } as const;
/** A thumbnail has a little room round what it shows. */
const ROOM = 1.1;

/** A thumbnail that faces whoever looks, where a model will be or should be. It is in nobody's way: rays and boxes pass it. */
export class Preview extends Sprite {
  /** For three.js: it takes up no room. */
  readonly boundingBox = new Box3();

  constructor() {
    // The colours of a picture are those that its file says, whatever light falls here.
    super(new SpriteMaterial({ depthWrite: false, toneMapped: false }));
    this.renderOrder = 1;
    this.visible = false;
  }

  override raycast(): void {}

  show(picture: Texture | null): void {
    this.material.map = picture;
    this.material.needsUpdate = true;
    this.visible = picture !== null;
  }

  fade(state: keyof typeof OPACITY): void {
    this.material.opacity = OPACITY[state];
  }

  place(center: Vec3, size: Vec3): void {
    this.position.set(...center);
    this.scale.setScalar(Math.max(...size) * ROOM);
  }
}
