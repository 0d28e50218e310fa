import { type EditDraft, type LinearColour, linearFromHex, type NewObject, type ObjectId } from '@weft/core';

type Vec3 = readonly [x: number, y: number, z: number];
type Quaternion = readonly [x: number, y: number, z: number, w: number];

type Material = NonNullable<NewObject['material']>;

/** The part of an edit that furnishing needs. */
export type Furnishing = Pick<EditDraft, 'add'>;

/** Where the fountain (a real glTF, imported afterwards) stands. */
export const FOUNTAIN_POSITION: Vec3 = [0, 0, 0];

const BENCHES = 4;
const BENCH_RADIUS_METRES = 4.4;
const LAMPS = 4;
const LAMP_RADIUS_METRES = 6.2;
/** Behind and beside the plaza: the view from where visitors arrive stays open. */
const TREE_DEGREES = [80, 115, 150, 210, 250, 300] as const;
const TREE_RADIUS_METRES = 10.5;
const SPAWN_DISTANCE_METRES = 8;
const LAMP_LIGHT = '#ffd9a0';

/** Furnishes an empty world with a small plaza of some 70 objects: few enough to seed a room with. */
export function furnishPlaza(edit: Furnishing): void {
  addGround(edit);
  for (let bench = 0; bench < BENCHES; bench += 1) addBench(edit, bench + 1, turn(bench, BENCHES, 0.125));
  for (let lamp = 0; lamp < LAMPS; lamp += 1) addLamp(edit, lamp + 1, turn(lamp, LAMPS, 0));
  for (const [index, degrees] of TREE_DEGREES.entries()) addTree(edit, index + 1, turn(degrees, 360, 0));
  addSign(edit);
  addPavilion(edit);
  edit.add({
    node: { name: 'Arrival', kind: 'spawn' },
    transform: { position: [0, 0, SPAWN_DISTANCE_METRES] },
    spawn: { name: 'plaza', default: true, radius: 1.5 },
  });
}

function addGround(edit: Furnishing): void {
  edit.add({
    node: { name: 'Sky', kind: 'sky' },
    transform: { position: [0, 0, 0] },
    sky: { kind: 'gradient', topColor: '#5f9fdb', bottomColor: '#e4edf4', ambient: 0.9 },
  });
  edit.add({
    node: { name: 'Sun', kind: 'light' },
    transform: { position: [12, 20, 9], rotation: [-0.4, 0.4, 0.2, 0.8] },
    light: { type: 'directional', color: [1, 0.93, 0.8], intensity: 2.4 },
  });
  edit.add({
    node: { name: 'Lawn', kind: 'ground' },
    transform: { position: [0, -0.12, 0] },
    primitive: { shape: 'cylinder', size: [27, 0.16, 27] },
    material: surface('#7ba05b'),
  });
  edit.add({
    node: { name: 'Paving', kind: 'ground' },
    transform: { position: [0, -0.05, 0] },
    primitive: { shape: 'cylinder', size: [17, 0.1, 17] },
    material: surface('#cbbfae'),
  });
}

function addBench(edit: Furnishing, number: number, angle: number): void {
  const bench = edit.add({
    node: { name: `Bench ${number}`, kind: 'bench', tags: ['furniture'] },
    transform: { position: around(angle, BENCH_RADIUS_METRES), rotation: yaw(angle) },
    seat: { offset: [0, 0.47, 0], label: 'Sit by the fountain' },
  });
  const wood = surface('#8a5a34');
  part(edit, bench, 'Seat', [0, 0.42, 0], [1.7, 0.07, 0.48], wood);
  part(edit, bench, 'Backrest', [0, 0.72, 0.24], [1.7, 0.34, 0.06], wood);
  const iron = surface('#3a3f45', 0.5);
  part(edit, bench, 'Left leg', [-0.7, 0.2, 0], [0.08, 0.4, 0.44], iron);
  part(edit, bench, 'Right leg', [0.7, 0.2, 0], [0.08, 0.4, 0.44], iron);
}

function addLamp(edit: Furnishing, number: number, angle: number): void {
  const lamp = edit.add({
    node: { name: `Lamp ${number}`, kind: 'lamp', tags: ['light'] },
    transform: { position: around(angle, LAMP_RADIUS_METRES) },
    primitive: { shape: 'cylinder', size: [0.4, 0.12, 0.4] },
    material: surface('#2e3338', 0.5),
  });
  edit.add({
    parent: lamp,
    node: { name: 'Post', kind: 'part' },
    transform: { position: [0, 1.5, 0] },
    primitive: { shape: 'cylinder', size: [0.1, 3, 0.1] },
    material: surface('#2e3338', 0.5),
  });
  const glow = linear(LAMP_LIGHT);
  edit.add({
    parent: lamp,
    node: { name: 'Globe', kind: 'part' },
    transform: { position: [0, 3.15, 0] },
    primitive: { shape: 'sphere', size: [0.42, 0.42, 0.42] },
    material: { ...surface(LAMP_LIGHT), emissiveFactor: glow },
    light: { type: 'point', color: glow, intensity: 14, range: 12 },
  });
}

function addTree(edit: Furnishing, number: number, angle: number): void {
  const isFir = number % 2 === 0;
  const tree = edit.add({
    node: { name: isFir ? `Fir ${number}` : `Linden ${number}`, kind: 'tree', tags: ['plant'] },
    transform: { position: around(angle, TREE_RADIUS_METRES) },
  });
  const crown = (name: string, position: Vec3, size: Vec3, color: string) =>
    edit.add({
      parent: tree,
      node: { name, kind: 'part' },
      transform: { position },
      primitive: { shape: isFir ? 'cone' : 'sphere', size },
      material: surface(color),
    });
  edit.add({
    parent: tree,
    node: { name: 'Trunk', kind: 'part' },
    transform: { position: [0, 0.9, 0] },
    primitive: { shape: 'cylinder', size: [0.36, 1.8, 0.36] },
    material: surface('#6b4a2f'),
  });
  if (isFir) {
    crown('Lower boughs', [0, 2.3, 0], [2.4, 2.2, 2.4], '#2f5d3a');
    crown('Upper boughs', [0, 3.7, 0], [1.6, 1.8, 1.6], '#386b43');
  } else {
    crown('Crown', [0, 2.9, 0], [2.8, 2.6, 2.8], '#5d8f3f');
    crown('Side of the crown', [0.8, 2.4, 0.4], [1.7, 1.5, 1.7], '#6c9d49');
  }
}

function addSign(edit: Furnishing): void {
  const sign = edit.add({
    node: { name: 'Sign', kind: 'sign' },
    transform: { position: [2.7, 0, 6.4], rotation: yaw(-0.35) },
  });
  part(edit, sign, 'Left post', [-0.75, 0.65, 0], [0.09, 1.3, 0.09], surface('#5a3d25'));
  part(edit, sign, 'Right post', [0.75, 0.65, 0], [0.09, 1.3, 0.09], surface('#5a3d25'));
  part(edit, sign, 'Board', [0, 1.35, 0], [1.9, 0.9, 0.08], surface('#24506b'));
  edit.add({
    parent: sign,
    node: { name: 'Writing', kind: 'text' },
    transform: { position: [0, 1.35, 0.05] },
    text: {
      value: 'Welcome to the plaza\nMove things around.\nThey will be here tomorrow.',
      size: 0.16,
      color: '#f7f1e3',
    },
  });
}

function addPavilion(edit: Furnishing): void {
  const pavilion = edit.add({
    node: { name: 'Pavilion', kind: 'building' },
    transform: { position: [0, 0, -9.6] },
  });
  const stone = surface('#d8d0c2');
  part(edit, pavilion, 'Floor', [0, 0.1, 0], [4.6, 0.2, 3.2], stone);
  for (const [name, x, z] of PILLARS) {
    edit.add({
      parent: pavilion,
      node: { name, kind: 'part' },
      transform: { position: [x, 1.4, z] },
      primitive: { shape: 'cylinder', size: [0.24, 2.4, 0.24] },
      material: stone,
    });
  }
  part(edit, pavilion, 'Roof', [0, 2.7, 0], [5, 0.2, 3.6], surface('#9c4a3a'));
}

const PILLARS = [
  ['Front left pillar', -2, 1.3],
  ['Front right pillar', 2, 1.3],
  ['Rear left pillar', -2, -1.3],
  ['Rear right pillar', 2, -1.3],
] as const;

function part(
  edit: Furnishing,
  parent: ObjectId,
  name: string,
  position: Vec3,
  size: Vec3,
  material: Material,
): void {
  edit.add({
    parent,
    node: { name, kind: 'part' },
    transform: { position },
    primitive: { shape: 'box', size },
    material,
  });
}

function surface(hex: string, roughnessFactor = 0.85): Material {
  return { baseColorFactor: [...linear(hex), 1], roughnessFactor };
}

function linear(hex: string): LinearColour {
  const colour = linearFromHex(hex);
  if (colour === null) throw new TypeError(`${hex} is not #rrggbb`);
  return colour;
}

/** Radians around the plaza: step `index` of `count`, shifted by a part of a full turn. */
function turn(index: number, count: number, shift: number): number {
  return (index / count + shift) * 2 * Math.PI;
}

function around(angle: number, radius: number): Vec3 {
  return [millimetres(Math.sin(angle) * radius), 0, millimetres(Math.cos(angle) * radius)];
}

/** A turn around the y axis; what stood at `around(angle)` then has the centre before it (along -z). */
function yaw(angle: number): Quaternion {
  return [0, Math.sin(angle / 2), 0, Math.cos(angle / 2)];
}

/** Positions that people read in the inspector and in state events stay short. */
function millimetres(metres: number): number {
  return Math.round(metres * 1000) / 1000;
}
