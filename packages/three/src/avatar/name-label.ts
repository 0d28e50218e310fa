import { CanvasTexture, type Color, Sprite, SpriteMaterial, SRGBColorSpace, type Vector3 } from 'three';
import { drawText, type MakeCanvas } from '../shared/text-canvas.ts';

/** How high the letters of a name are, in metres. */
const LETTER_METRES = 0.12;
const ABOVE_HEAD_METRES = 0.35;
const MAX_NAME_CHARACTERS = 40;

/** The name of somebody over their head, facing whoever looks. */
export class NameLabel {
  readonly sprite: Sprite;
  readonly #makeCanvas: MakeCanvas;
  #name: string | null = null;

  constructor(makeCanvas: MakeCanvas) {
    this.#makeCanvas = makeCanvas;
    this.sprite = new Sprite(new SpriteMaterial({ transparent: true, depthWrite: false }));
    this.sprite.visible = false;
    this.sprite.raycast = () => {};
  }

  show(name: string, colour: Color, head: Vector3): void {
    if (name !== this.#name) this.#draw(name, colour);
    this.sprite.visible = this.sprite.material.map !== null;
    this.sprite.position.set(head.x, head.y + ABOVE_HEAD_METRES, head.z);
  }

  hide(): void {
    this.sprite.visible = false;
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
    const cut = name.length > MAX_NAME_CHARACTERS ? `${name.slice(0, MAX_NAME_CHARACTERS - 1)}…` : name;
    // One line, whatever is in it.
    const value = cut.replace(/\s+/g, ' ');
    const drawn = drawText({ value, size: 1, color: colour.getStyle(), align: 'center' }, this.#makeCanvas);
    material.map = drawn === null ? null : new CanvasTexture(drawn.canvas);
    if (material.map !== null) material.map.colorSpace = SRGBColorSpace;
    material.needsUpdate = true;
    this.sprite.scale.set(LETTER_METRES * (drawn?.aspect ?? 1), LETTER_METRES, 1);
  }
}
