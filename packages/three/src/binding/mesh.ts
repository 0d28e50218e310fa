import type { Mesh } from '@weft/core';
import { Group, type Object3D } from 'three';
import { clone } from 'three/examples/jsm/utils/SkeletonUtils.js';
import { assetRefOf } from '../asset/asset-ref.ts';
import { AssetSlot } from '../asset/asset-slot.ts';
import type { Outcome } from '../asset/shelf.ts';
import { ThumbnailSlot } from '../asset/thumbnail-slot.ts';
import { makePlaceholder } from '../shared/placeholder.ts';
import type { Vec3 } from '../vec3.ts';
import type { BindingKind } from './binding.ts';

/** `mesh`: a model from its bytes; a box stands in for it while it loads and where it failed, with its thumbnail. */
export const mesh: BindingKind = {
  component: 'mesh',
  reads: [],
  make(id, host) {
    const part = new Group();
    const placeholder = makePlaceholder(host);
    let freeNodes: (() => void) | null = null;
    const thumbnail = new ThumbnailSlot(host, id, (picture) => {
      placeholder.preview(picture);
      host.redraw();
    });

    function show(next: Object3D): void {
      part.clear();
      part.add(next);
      host.redraw();
    }

    function settle(outcome: Outcome<Object3D> | null): void {
      freeNodes?.();
      freeNodes = outcome?.state === 'ready' ? host.modelNodes.take(countNodes(outcome.value)) : null;
      thumbnail.want(freeNodes === null);
      if (outcome?.state === 'ready' && freeNodes !== null) {
        show(clone(outcome.value));
      } else {
        placeholder.show(outcome === null ? 'loading' : 'failed');
        show(placeholder.part);
      }
    }

    const asset = new AssetSlot(host.models, id, settle);
    return {
      part,
      update({ mesh }) {
        placeholder.place(...boxOf(mesh?.bounds));
        thumbnail.name(assetRefOf(mesh?.thumbnail));
        asset.want(assetRefOf(mesh));
      },
      dispose() {
        asset.release();
        thumbnail.release();
        freeNodes?.();
        placeholder.dispose();
      },
    };
  },
};

// A flat model still needs a placeholder that can be seen and clicked.
const MIN_PLACEHOLDER_METRES = 0.02;

function boxOf(bounds: Mesh['bounds']): readonly [center: Vec3, size: Vec3] {
  if (bounds === undefined)
    return [
      [0, 0.5, 0],
      [1, 1, 1],
    ];
  const { min, max } = bounds;
  const length = (axis: 0 | 1 | 2) => Math.max(MIN_PLACEHOLDER_METRES, max[axis] - min[axis]);
  const middle = (axis: 0 | 1 | 2) => (min[axis] + max[axis]) / 2;
  return [
    [middle(0), middle(1), middle(2)],
    [length(0), length(1), length(2)],
  ];
}

function countNodes(model: Object3D): number {
  let nodes = 0;
  model.traverse(() => {
    nodes += 1;
  });
  return nodes;
}
