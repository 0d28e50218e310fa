import type { Sky } from '@weft/core';
import { Color, EquirectangularReflectionMapping, Group, HemisphereLight, type Texture } from 'three';
import { assetRefOf } from '../asset/asset-ref.ts';
import { AssetSlot } from '../asset/asset-slot.ts';
import { makeGradient } from '../shared/gradient.ts';
import type { BindingKind } from './binding.ts';

/** `sky`: one colour, a gradient, or a picture all round; and the light that comes from everywhere. */
export const sky: BindingKind = {
  component: 'sky',
  reads: [],
  make(id, host) {
    const light = new HemisphereLight();
    const part = new Group().add(light);
    let gradient: Texture | null = null;
    let picture: Texture | null = null;
    let last: Sky | undefined;

    function show(): void {
      if (last === undefined) return;
      gradient?.dispose();
      gradient = last.kind === 'gradient' ? makeGradient(last.topColor, last.bottomColor) : null;
      const background = last.kind === 'image' ? picture : gradient;
      host.backdrop.offer(id, background ?? new Color(last.topColor), light);
      host.redraw();
    }

    const asset = new AssetSlot(host.pictures, id, (outcome) => {
      picture = outcome?.state === 'ready' ? outcome.value : null;
      if (picture !== null) picture.mapping = EquirectangularReflectionMapping;
      show();
    });
    return {
      part,
      update({ sky }) {
        if (sky === undefined) return;
        last = sky;
        light.color.set(sky.topColor);
        light.groundColor.set(sky.bottomColor);
        light.intensity = sky.ambient;
        if (sky.kind === 'image') asset.want(assetRefOf(sky));
        else asset.release();
        show();
      },
      dispose() {
        asset.release();
        host.backdrop.withdraw(id);
        gradient?.dispose();
        light.dispose();
      },
    };
  },
};
