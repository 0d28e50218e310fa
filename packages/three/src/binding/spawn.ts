import { ConeGeometry, Group, Mesh, MeshBasicMaterial, RingGeometry } from 'three';
import { Slot } from '../shared/pool.ts';
import type { BindingKind } from './binding.ts';

const COLOUR = '#4c9be8';

/** `spawn`: where people arrive; a ring with a pointer along -z, drawn only where markers are wanted. */
export const spawn: BindingKind = {
  component: 'spawn',
  reads: [],
  make(_id, host) {
    const part = new Group();
    const slots = [new Slot(host.geometries), new Slot(host.geometries)] as const;
    const material = new Slot(host.materials);
    if (host.markers) {
      const look = material.take('spawn', () => new MeshBasicMaterial({ color: COLOUR }));
      const ring = slots[0].take('spawn-ring', () => new RingGeometry(0.4, 0.5, 32).rotateX(-Math.PI / 2));
      const tip = slots[1].take('spawn-tip', () =>
        new ConeGeometry(0.12, 0.3, 3).rotateX(-Math.PI / 2).translate(0, 0, -0.65),
      );
      part.add(new Mesh(ring, look), new Mesh(tip, look));
      // On the ground plane exactly, the ring would flicker against a floor at the same height.
      part.position.y = 0.01;
    }
    return {
      part,
      update() {},
      dispose() {
        for (const slot of [...slots, material]) slot.release();
      },
    };
  },
};
