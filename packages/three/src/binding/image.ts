import { DoubleSide, Group, Mesh, MeshBasicMaterial, PlaneGeometry, type Texture } from 'three';
import { assetRefOf } from '../asset/asset-ref.ts';
import { AssetSlot } from '../asset/asset-slot.ts';
import { makePlaceholder } from '../shared/placeholder.ts';
import { Slot } from '../shared/pool.ts';
import type { BindingKind } from './binding.ts';

const PLACEHOLDER_ASPECT = 4 / 3;
const PLACEHOLDER_DEPTH_METRES = 0.02;

/** `image`: a picture on a plane that faces +z, as wide as `width` says and as high as its pixels ask. */
export const image: BindingKind = {
  component: 'image',
  reads: [],
  make(id, host) {
    const part = new Group();
    const placeholder = makePlaceholder(host);
    const geometry = new Slot(host.geometries);
    const material = new MeshBasicMaterial({ side: DoubleSide, transparent: true });
    const plane = new Mesh(
      geometry.take('upright', () => new PlaneGeometry(1, 1)),
      material,
    );
    part.add(plane, placeholder.part);
    let width = 1;

    function stretch(): void {
      plane.scale.set(width, width / aspectOf(material.map), 1);
      placeholder.place([0, 0, 0], [width, width / PLACEHOLDER_ASPECT, PLACEHOLDER_DEPTH_METRES]);
    }

    const asset = new AssetSlot(host.pictures, id, (outcome) => {
      material.map = outcome?.state === 'ready' ? outcome.value : null;
      material.needsUpdate = true;
      plane.visible = material.map !== null;
      placeholder.part.visible = material.map === null;
      placeholder.show(outcome === null ? 'loading' : 'failed');
      stretch();
      host.redraw();
    });
    return {
      part,
      update({ image }) {
        width = image?.width ?? 1;
        stretch();
        asset.want(assetRefOf(image));
      },
      dispose() {
        asset.release();
        placeholder.dispose();
        geometry.release();
        material.dispose();
      },
    };
  },
};

function aspectOf(texture: Texture | null): number {
  const picture: unknown = texture?.image;
  if (typeof ImageBitmap === 'undefined' || !(picture instanceof ImageBitmap)) return PLACEHOLDER_ASPECT;
  return picture.width / picture.height;
}
