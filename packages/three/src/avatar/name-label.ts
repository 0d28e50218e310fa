import { CanvasTexture, type Color, Sprite, SpriteMaterial, SRGBColorSpace, type Vector3 } from 'three';
import type { MakeCanvas } from '../shared/text-canvas.ts';
import { drawName } from './draw-name.ts';

/** How high a label is beside whoever it names, in metres. */
const LABEL_METRES = 0.2;
const ABOVE_HEAD_METRES = 0.38;

export interface LabelPlace {
  readonly name: string;
  readonly colour: Color;
  readonly head: Vector3;
  readonly least: number;
  readonly most: number;
}

/** The name of somebody over their head, facing whoever looks. */
export class NameLabel {
  readonly sprite: Sprite;
  readonly #makeCanvas: MakeCanvas;
  #name: string | null = null;
  #aspect = 1;

  constructor(makeCanvas: MakeCanvas) {
    this.#makeCanvas = makeCanvas;
    this.sprite = new Sprite(new SpriteMaterial({ transparent: true, depthWrite: false }));
    this.sprite.visible = false;
    this.sprite.raycast = () => {};
  }

  get isShown(): boolean {
    return this.sprite.visible;
  }

  /**
   * Puts it over a head, and shows nothing yet.
   *
   * @param place.least how high it is to be at least, in metres: from far away letters would be too small
   * @param place.most how high at most
   * @returns its width and height in metres; `null` where nothing can draw it
   */
  fit({ name, colour, head, least, most }: LabelPlace): readonly [number, number] | null {
    if (name !== this.#name) this.#draw(name, colour);
    if (this.sprite.material.map === null) return null;
    const height = Math.min(most, Math.max(LABEL_METRES, least));
    this.sprite.scale.set(height * this.#aspect, height, 1);
    this.sprite.position.set(head.x, head.y + ABOVE_HEAD_METRES + (height - LABEL_METRES) / 2, head.z);
    return [height * this.#aspect, height];
  }

  show(isShown: boolean): void {
    this.sprite.visible = isShown;
  }

  dispose(): void {
    this.sprite.removeFromParent();
    this.sprite.material.map?.dispose();
    this.sprite.material.dispose();
  }

  #draw(name: string, colour: Color): void {
    this.#name = name;
    const { material } = this.sprite;
    material.map?.dispose();
    const canvas = drawName(name, colour.getStyle(), this.#makeCanvas);
    material.map = canvas === null ? null : new CanvasTexture(canvas);
    if (material.map !== null) material.map.colorSpace = SRGBColorSpace;
    material.needsUpdate = true;
    this.#aspect = canvas === null ? 1 : canvas.width / canvas.height;
  }
}
