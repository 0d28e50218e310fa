import { DoubleSide, Group, Mesh, MeshBasicMaterial, PlaneGeometry, type Texture } from 'three';
import { assetRefOf } from '../asset/asset-ref.ts';
import { AssetSlot } from '../asset/asset-slot.ts';
import { ThumbnailSlot } from '../asset/thumbnail-slot.ts';
import { makePlaceholder } from '../shared/placeholder.ts';
import { Slot } from '../shared/pool.ts';
import type { BindingKind } from './binding.ts';

const PLACEHOLDER_ASPECT = 4 / 3;
const PLACEHOLDER_DEPTH_METRES = 0.02;

/** `image`: a picture on a plane that faces +z, as wide as `width` says and as high as its pixels ask; its thumbnail until it is there. */
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
      placeholder.place([0, 0, 0], [width, plane.scale.y, PLACEHOLDER_DEPTH_METRES]);
    }

    let whole: Texture | null = null;
    let small: Texture | null = null;

    function show(): void {
      material.map = whole ?? small;
      material.needsUpdate = true;
      plane.visible = material.map !== null;
      // Of one that did not come, the box says so round its thumbnail.
      placeholder.part.visible = whole === null;
      stretch();
      host.redraw();
    }

    const thumbnail = new ThumbnailSlot(host, id, (picture) => {
      small = picture;
      show();
    });
    const asset = new AssetSlot(host.pictures, id, (outcome) => {
      whole = outcome?.state === 'ready' ? outcome.value : null;
      thumbnail.want(whole === null);
      placeholder.show(outcome === null ? 'loading' : 'failed');
      show();
    });
    return {
      part,
      update({ image }) {
        width = image?.width ?? 1;
        stretch();
        thumbnail.name(assetRefOf(image?.thumbnail));
        asset.want(assetRefOf(image));
      },
      dispose() {
        asset.release();
        thumbnail.release();
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
