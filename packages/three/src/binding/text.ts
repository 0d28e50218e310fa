import { CanvasTexture, DoubleSide, Mesh, MeshBasicMaterial, PlaneGeometry, SRGBColorSpace } from 'three';
import { Slot } from '../shared/pool.ts';
import { drawText, textKey } from '../shared/text-canvas.ts';
import type { BindingKind } from './binding.ts';

/** `text`: a plane that faces +z, one texture a text; `size` is the height of a line. */
export const text: BindingKind = {
  component: 'text',
  reads: [],
  make(_id, host) {
    const geometry = new Slot(host.geometries);
    const material = new MeshBasicMaterial({ transparent: true, side: DoubleSide, alphaTest: 0.02 });
    const part = new Mesh(
      geometry.take('upright', () => new PlaneGeometry(1, 1)),
      material,
    );
    let drawn: string | null = null;
    let shape = { lines: 1, aspect: 1 };
    return {
      part,
      update({ text }) {
        if (text === undefined) return;
        const key = textKey(text);
        if (key !== drawn) {
          const picture = drawText(text, host.makeCanvas);
          material.map?.dispose();
          material.map = picture === null ? null : new CanvasTexture(picture.canvas);
          if (material.map !== null) material.map.colorSpace = SRGBColorSpace;
          material.needsUpdate = true;
          part.visible = picture !== null;
          shape = picture ?? { lines: 1, aspect: 1 };
          drawn = key;
        }
        const height = text.size * shape.lines;
        part.scale.set(height * shape.aspect, height, 1);
      },
      dispose() {
        material.map?.dispose();
        material.dispose();
        geometry.release();
      },
    };
  },
};
