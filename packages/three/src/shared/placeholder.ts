import {
  BoxGeometry,
  EdgesGeometry,
  Group,
  LineBasicMaterial,
  LineSegments,
  Mesh,
  MeshBasicMaterial,
  type Object3D,
  type Texture,
} from 'three';
import type { BindingHost } from '../binding/binding.ts';
import type { Vec3 } from '../vec3.ts';
import { Slot } from './pool.ts';
import { Preview } from './preview.ts';

/** What stands where a model will be, or should be. */
export interface Placeholder {
  readonly part: Object3D;
  show(state: 'loading' | 'failed'): void;
  place(center: Vec3, size: Vec3): void;
  /** What will be there, or should be, as a small picture; `null` for none. */
  preview(picture: Texture | null): void;
  dispose(): void;
}

const LOOKS = {
  loading: { colour: '#8a93a3', opacity: 0.18 },
  failed: { colour: '#d9534f', opacity: 0.32 },
} as const;

/** A see-through box with edges: grey while loading, red where it failed, in it a thumbnail where there is one. It can be clicked. */
export function makePlaceholder(host: Pick<BindingHost, 'geometries' | 'materials'>): Placeholder {
  const part = new Group();
  const cage = new Group();
  const picture = new Preview();
  const box = new Slot(host.geometries);
  const edges = new Slot(host.geometries);
  const fill = new Slot(host.materials);
  const line = new Slot(host.materials);
  const body = new Mesh(box.take('placeholder', () => new BoxGeometry(1, 1, 1)));
  const frame = new LineSegments(edges.take('placeholder-edges', () => new EdgesGeometry(body.geometry)));
  cage.add(body, frame);
  part.add(cage, picture);
  return {
    part,
    show(state) {
      const { colour, opacity } = LOOKS[state];
      body.material = fill.take(
        `placeholder ${state}`,
        () => new MeshBasicMaterial({ color: colour, opacity, transparent: true, depthWrite: false }),
      );
      frame.material = line.take(
        `placeholder-edges ${state}`,
        () => new LineBasicMaterial({ color: colour }),
      );
      picture.fade(state);
    },
    place(center, size) {
      cage.position.set(...center);
      cage.scale.set(...size);
      picture.place(center, size);
    },
    preview: (thumbnail) => picture.show(thumbnail),
    dispose() {
      picture.material.dispose();
      for (const slot of [box, edges, fill, line]) slot.release();
    },
  };
}
