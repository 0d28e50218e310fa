import {
  type ActorId,
  newActorId,
  newObjectId,
  type ObjectId,
  type Patch,
  parsePath,
  patchOf,
  type RegisterEntry,
  timeFromMs,
  type UserId,
  type Value,
} from '@weft/core';
import { SeededRandom } from '@weft/testing';

/** Changes with whatever changes the objects below: worlds of another version are not taken for these. */
export const DISTRICT_VERSION = 1;

interface ObjectParts {
  readonly [component: string]: { readonly [property: string]: Value };
}

const START_MS = Date.UTC(2026, 0, 1);
const PLOTS_A_STREET = 12;
const PLOT_METRES = 14;
const STREET_METRES = 24;
const FACADES = ['#c9b79c', '#a8b5a2', '#b5838d', '#8d99ae', '#e0c097'];

/**
 * A district of houses, lamps, trees and signs: `count` objects, the same for the same seed and count. Each house is a
 * subtree two levels deep; sizes and components are those of furnished worlds, some 400 bytes an event.
 */
export function district(options: { seed: string; count: number; user: UserId }): Patch {
  const random = new SeededRandom(`district/${DISTRICT_VERSION}/${options.seed}`);
  const builder = new Builder(random, options.count);
  for (let plot = 0; !builder.full; plot += 1) {
    const x = (plot % PLOTS_A_STREET) * PLOT_METRES;
    const z = Math.floor(plot / PLOTS_A_STREET) * STREET_METRES;
    if (plot % PLOTS_A_STREET === 0) addStreet(builder, z);
    addHouse(builder, random, [x, 0, z]);
    addLamp(builder, random, [x, 0, z + 8]);
    if (random.chance(0.7)) addTree(builder, random, [x + random.between(-4, 4), 0, z + 10]);
  }
  return builder.patch(options.user);
}

function addStreet(builder: Builder, z: number): void {
  const name = `Street ${Math.round(z / STREET_METRES) + 1}`;
  builder.add(null, [0, 0, z], {
    node: { name, kind: 'street', tags: ['ground'] },
    primitive: { shape: 'plane', size: [PLOTS_A_STREET * PLOT_METRES, 0, 6] },
    material: { baseColorFactor: [0.22, 0.22, 0.24, 1], roughnessFactor: 0.95 },
  });
  builder.add(null, [-6, 2.5, z], {
    node: { name: `Sign of ${name}`, kind: 'sign' },
    text: { value: `${name}: please drive slowly`, size: 0.4, color: '#ffffff' },
  });
}

function addHouse(builder: Builder, random: SeededRandom, at: readonly [number, number, number]): void {
  const floors = 1 + random.below(4);
  const height = floors * 3.1;
  const house = builder.add(null, at, {
    node: {
      name: `House ${builder.size}`,
      kind: 'house',
      tags: ['building', random.pick(['home', 'shop', 'office'])],
    },
  });
  builder.add(house, [0, height / 2, 0], {
    node: { name: 'Walls', kind: 'wall' },
    primitive: { shape: 'box', size: [random.between(6, 10), height, random.between(6, 9)] },
    material: { baseColorFactor: [...tint(random), 1], roughnessFactor: 0.85 },
  });
  builder.add(house, [0, height, 0], {
    node: { name: 'Roof', kind: 'roof' },
    primitive: { shape: 'cone', size: [9, random.between(1.5, 3), 9] },
    material: { baseColorFactor: [0.45, 0.18, 0.14, 1], roughnessFactor: 0.7 },
  });
  for (let window = 0; window < floors * 2; window += 1) {
    builder.add(house, [window % 2 === 0 ? -1.8 : 1.8, Math.floor(window / 2) * 3.1 + 1.6, 4.1], {
      node: { name: `Window ${window + 1}`, kind: 'window' },
      primitive: { shape: 'box', size: [1.1, 1.4, 0.08] },
      material: { baseColorFactor: [0.6, 0.75, 0.85, 0.4], alphaMode: 'BLEND', roughnessFactor: 0.1 },
    });
  }
  builder.add(house, [0, 1.05, 4.1], {
    node: { name: 'Door', kind: 'door', tags: ['interactive'] },
    primitive: { shape: 'box', size: [1, 2.1, 0.1] },
    material: { baseColorFactor: [0.35, 0.22, 0.12, 1], roughnessFactor: 0.6 },
    'bench:door': { open: random.chance(0.2), code: String(random.below(10_000)).padStart(4, '0') },
  });
}

function addLamp(builder: Builder, random: SeededRandom, at: readonly [number, number, number]): void {
  const lamp = builder.add(null, at, {
    node: { name: `Lamp ${builder.size}`, kind: 'lamp', tags: ['light'] },
    primitive: { shape: 'cylinder', size: [0.14, 4.2, 0.14] },
  });
  builder.add(lamp, [0, 4.2, 0], {
    node: { name: 'Bulb', kind: 'light' },
    light: { type: 'point', color: [1, 0.85, 0.6], intensity: random.between(40, 90), range: 18 },
  });
}

function addTree(builder: Builder, random: SeededRandom, at: readonly [number, number, number]): void {
  const sha256 = [...random.bytes(32)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  builder.add(null, at, {
    node: { name: `Tree ${builder.size}`, kind: 'tree', tags: ['plant'] },
    mesh: {
      src: `mxc://bench.example/${sha256.slice(0, 24)}`,
      sha256,
      bytes: 20_000 + random.below(400_000),
      bounds: { min: [-1.2, 0, -1.2], max: [1.2, random.between(3, 7), 1.2] },
    },
  });
}

function tint(random: SeededRandom): [number, number, number] {
  const hex = random.pick(FACADES);
  const channel = (at: number): number => Number.parseInt(hex.slice(at, at + 2), 16) / 255;
  return [channel(1), channel(3), channel(5)];
}

class Builder {
  readonly #random: SeededRandom;
  readonly #limit: number;
  readonly #actor: ActorId;
  readonly #registers: RegisterEntry[] = [];
  #count = 0;

  constructor(random: SeededRandom, limit: number) {
    this.#random = random;
    this.#limit = limit;
    this.#actor = newActorId(random.bytes);
  }

  get size(): number {
    return this.#count;
  }

  get full(): boolean {
    return this.#count >= this.#limit;
  }

  /** Beyond the limit nothing is added, so that a world has exactly as many objects as were asked for. */
  add(parent: ObjectId | null, position: readonly [number, number, number], parts: ObjectParts): ObjectId {
    const id = newObjectId(this.#random.bytes);
    if (this.full) return id;
    const createdMs = START_MS + this.#count * 250;
    const angle = this.#random.between(0, Math.PI * 2);
    const whole: ObjectParts = {
      ...parts,
      node: {
        ...(parent === null ? {} : { parent }),
        order: `a${this.#count.toString(36).padStart(4, '0')}V`,
        created: createdMs,
        ...parts.node,
      },
      transform: { position, rotation: [0, Math.sin(angle / 2), 0, Math.cos(angle / 2)] },
    };
    this.#count += 1;
    const stamp = { time: timeFromMs(createdMs), actor: this.#actor };
    for (const [component, properties] of Object.entries(whole)) {
      for (const [property, value] of Object.entries(properties)) {
        const path = parsePath(`${component}.${property}`);
        this.#registers.push({ id, path, register: { value, stamp } });
      }
    }
    return id;
  }

  patch(user: UserId): Patch {
    return patchOf({ registers: this.#registers, actors: [[this.#actor, [user]]] });
  }
}
