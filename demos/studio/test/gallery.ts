import type { ComponentPatchMap, EditDraft } from '@weft/core';
import { dracoGlb, ktx2File, meshoptGlb, turnedMesh } from '@weft/testing/gltf';
import { imageOf, meshOf, type World } from '@weft/world';
import { wovenPicture } from './woven-picture.ts';

type Profile = readonly (readonly [radius: number, height: number])[];

/** A smooth line through these, so that what is turned from it has no edges. */
function smooth(points: Profile, steps = 6): Profile {
  const at = (index: number) => points[Math.min(points.length - 1, Math.max(0, index))] ?? ([0, 0] as const);
  const between = (a: number, b: number, c: number, d: number, t: number) =>
    0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t ** 2 + (3 * b - a - 3 * c + d) * t ** 3);
  return [...points.keys()].slice(0, -1).flatMap((index) =>
    Array.from({ length: index === points.length - 2 ? steps + 1 : steps }, (_, step) => {
      const around = [at(index - 1), at(index), at(index + 1), at(index + 2)] as const;
      const line = (axis: 0 | 1) =>
        between(around[0][axis], around[1][axis], around[2][axis], around[3][axis], step / steps);
      return [Math.max(0, line(0)), line(1)] as const;
    }),
  );
}

const VASE = smooth([
  [0.16, 0],
  [0.3, 0.16],
  [0.34, 0.4],
  [0.2, 0.72],
  [0.12, 0.88],
  [0.2, 1],
]);
const BOWL = smooth([
  [0.14, 0],
  [0.13, 0.05],
  [0.3, 0.14],
  [0.46, 0.34],
  [0.5, 0.5],
  [0.45, 0.36],
  [0.28, 0.18],
  [0, 0.12],
]);
const PAWN = smooth([
  [0.32, 0],
  [0.32, 0.1],
  [0.2, 0.18],
  [0.12, 0.5],
  [0.2, 0.62],
  [0.12, 0.66],
  [0.22, 0.84],
  [0.16, 1],
  [0, 1.04],
]);

/** Files of a gallery, stored for real: one model of each way of compressing, a texture, a picture; two of them in IPFS alone. */
export async function publishGallery(world: World) {
  const publish = (bytes: Uint8Array, name: string, to: 'mxc' | 'ipfs' = 'mxc') =>
    world.publish(bytes, { name, to: [to], thumbnail: true });
  const texture = { bytes: ktx2File(64, 64, [214, 164, 70, 255]), type: 'image/ktx2' };
  const [vase, bowl, pawn, cloth] = await Promise.all([
    dracoGlb(turnedMesh(VASE, 64), { colour: [0.05, 0.22, 0.34, 1] }).then((glb) => publish(glb, 'vase.glb')),
    meshoptGlb(turnedMesh(BOWL, 64), { colour: [0.5, 0.13, 0.07, 1] }).then((glb) =>
      publish(glb, 'bowl.glb', 'ipfs'),
    ),
    dracoGlb(turnedMesh(PAWN, 48), { picture: texture }).then((glb) => publish(glb, 'pawn.glb', 'ipfs')),
    publish(wovenPicture(512, 320), 'cloth.png'),
  ]);
  return { vase, bowl, pawn, cloth };
}

type Gallery = Awaited<ReturnType<typeof publishGallery>>;

/** A room of pedestals for these files, and one whose file nobody has any more. */
export function furnishGallery(e: EditDraft, { vase, bowl, pawn, cloth }: Gallery, lost: string): void {
  e.add({
    node: { name: 'Sky' },
    sky: { kind: 'gradient', topColor: '#7fa9d1', bottomColor: '#eef0ee', ambient: 1.3 },
  });
  e.add({
    node: { name: 'Sun' },
    transform: { position: [5, 8, 6], rotation: [-0.36, 0.33, 0.14, 0.86] },
    light: { type: 'directional', color: [1, 0.95, 0.87], intensity: 2.6 },
  });
  e.add({
    node: { name: 'Floor' },
    primitive: { shape: 'plane', size: [11, 0, 7] },
    material: { baseColorFactor: [0.55, 0.5, 0.43, 1], roughnessFactor: 0.9 },
  });
  e.add({
    node: { name: 'Wall' },
    transform: { position: [0, 1.75, -2.4] },
    primitive: { shape: 'box', size: [11, 3.5, 0.2] },
    material: { baseColorFactor: [0.78, 0.75, 0.7, 1], roughnessFactor: 0.95 },
  });
  e.add({
    node: { name: 'Cloth' },
    transform: { position: [0, 2.1, -2.27] },
    image: { ...imageOf(cloth), width: 3.2, description: 'Threads that go over and under each other' },
  });
  // It was a pawn: its thumbnail tells so still.
  const gone = { ...meshOf(pawn), src: lost, sha256: null, bytes: null };
  const stands = e.add({ node: { name: 'Exhibits' } });
  let plinths = 0;
  const stand = (x: number, name: string, mesh: NonNullable<ComponentPatchMap['mesh']>) => {
    plinths += 1;
    e.add({ parent: stands, node: { name }, transform: { position: [x, 0.8, 0] }, mesh });
    e.add({
      parent: stands,
      node: { name: `Plinth ${plinths}` },
      transform: { position: [x, 0.4, 0] },
      primitive: { shape: 'cylinder', size: [1.1, 0.8, 1.1] },
      material: { baseColorFactor: [0.82, 0.81, 0.78, 1], roughnessFactor: 0.6 },
    });
  };
  stand(-3.6, 'Vase', meshOf(vase));
  stand(-1.2, 'Bowl', meshOf(bowl));
  stand(1.2, 'Pawn', meshOf(pawn));
  stand(3.6, 'Lost statue', gone);
}
