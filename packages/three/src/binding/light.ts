import type { Light as LightComponent } from '@weft/core';
import { AmbientLight, DirectionalLight, Group, type Light, PointLight, SpotLight } from 'three';
import { makeMarker } from '../shared/marker.ts';
import type { BindingKind } from './binding.ts';

/** Every lit pixel pays for every light, and shaders stop compiling at the GPU's uniform limit. */
export const MAX_LIVE_LIGHTS = 12;

/** `light`: shines along the object's -z axis where it has a direction, as in KHR_lights_punctual. */
export const light: BindingKind = {
  component: 'light',
  reads: [],
  make(_id, host) {
    const part = new Group();
    const marker = host.markers ? makeMarker(host) : null;
    if (marker !== null) part.add(marker.part);
    let type: LightComponent['type'] | null = null;
    let lamp: Light | null = null;
    let granted = false;
    const giveBack = host.lights.claim((may) => {
      granted = may;
      if (lamp !== null) lamp.visible = may;
      host.redraw();
    });

    function drop(): void {
      lamp?.removeFromParent();
      lamp?.dispose();
      lamp = null;
    }

    return {
      part,
      update({ light }) {
        if (light === undefined) return;
        if (lamp === null || light.type !== type) {
          drop();
          type = light.type;
          lamp = makeLamp(type);
          lamp.visible = granted;
          part.add(lamp);
        }
        adjust(lamp, light);
        marker?.tint(`#${lamp.color.getHexString()}`);
      },
      dispose() {
        giveBack();
        drop();
        marker?.dispose();
      },
    };
  },
};

function makeLamp(type: LightComponent['type']): Light {
  switch (type) {
    case 'ambient':
      return new AmbientLight();
    case 'directional':
      return aimed(new DirectionalLight());
    case 'spot':
      return aimed(new SpotLight());
    case 'point':
      return new PointLight();
  }
}

// The target hangs under the lamp, so that turning the object turns the beam.
function aimed<T extends DirectionalLight | SpotLight>(lamp: T): T {
  lamp.position.set(0, 0, 0);
  lamp.target.position.set(0, 0, -1);
  lamp.add(lamp.target);
  return lamp;
}

function adjust(lamp: Light, light: LightComponent): void {
  lamp.color.setRGB(...light.color);
  lamp.intensity = light.intensity;
  if (lamp instanceof PointLight || lamp instanceof SpotLight) lamp.distance = light.range ?? 0;
  if (!(lamp instanceof SpotLight)) return;
  lamp.angle = light.outerConeAngle;
  lamp.penumbra =
    light.outerConeAngle === 0 ? 0 : Math.max(0, 1 - light.innerConeAngle / light.outerConeAngle);
}
