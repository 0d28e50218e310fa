import {
  type ActorId,
  type ChangeSet,
  decodePatch,
  type EditAccess,
  encodePatch,
  newObjectId,
  type ObjectId,
  type Patch,
  parsePath,
  patchOf,
  type RandomBytes,
  Replica,
  ROLE_LEVELS,
  type Stamp,
  type Stop,
  type UserId,
  type Value,
} from '@weft/core';
import type { LaneWorld } from '../lane/lane-world.ts';

const OBJECTS = 100;
/** Values of every kind, and objects that have not all of them. */
const FURNITURE: readonly Readonly<Record<string, Value>>[] = [
  {
    'node.kind': 'bench',
    'node.name': 'A bench under the lime tree',
    'node.order': 'a0V',
    'transform.position': [1.25, 0, -3.5],
    'transform.rotation': [0, 0.6, 0, 0.8],
    'mesh.src': 'mxc://example.org/bench',
    'mesh.bytes': 20_000,
    'mesh.bounds': { min: [-1.2, 0, -1.2], max: [1.2, 3.5, 1.2] },
  },
  {
    'node.kind': 'lamp',
    'node.name': 'A lamp',
    'node.tags': ['light', 'street'],
    'transform.position': [0, 4, 0],
    'light.type': 'point',
    'light.color': [1, 0.85, 0.6],
    'light.intensity': 40.5,
    'light.range': 18,
  },
  {
    'node.kind': 'door',
    'node.name': 'A door',
    'transform.position': [0, 1.05, 4.1],
    'primitive.shape': 'box',
    'primitive.size': [1, 2.1, 0.1],
    'material.baseColorFactor': [0.35, 0.22, 0.12, 1],
    'material.roughnessFactor': 0.6,
    'example:door.open': false,
  },
  {
    'node.kind': 'sign',
    'node.name': 'A sign',
    'transform.position': [-6, 2.5, 7],
    'text.value': 'Please drive slowly',
    'text.size': 1,
    'text.color': '#ffffff',
  },
];

/** A world in memory that is in no room, for code to run on: half of it as files bring it, half as events do. */
export class ScratchWorld implements LaneWorld {
  readonly replica: Replica;
  readonly ids: readonly ObjectId[];
  readonly canAdopt = false;
  readonly #listeners = new Set<(change: ChangeSet) => void>();

  constructor({
    actor,
    now,
    random,
  }: {
    readonly actor: ActorId;
    readonly now: () => number;
    readonly random: RandomBytes;
  }) {
    this.replica = new Replica({ actor, now });
    this.ids = Array.from({ length: OBJECTS }, () => newObjectId(random));
    const stamp = this.replica.clock.issue();
    const half = OBJECTS / 2;
    this.replica.receive(decodePatch(encodePatch(furniture(this.ids.slice(0, half), stamp))).patch, 'matrix');
    this.replica.receive(furniture(this.ids.slice(half), stamp), 'matrix');
  }

  hear(patch: Patch): ChangeSet {
    const change = this.replica.hear(patch);
    for (const listener of this.#listeners) listener(change);
    return change;
  }

  retract(): ChangeSet {
    return this.replica.retractLive(new Map());
  }

  access(userId: UserId): EditAccess {
    return { userId, level: ROLE_LEVELS.builder };
  }

  mayWriteRoom(): boolean {
    return true;
  }

  adopt(): void {}

  sendMessage(): void {}

  stateDigest(): string {
    return this.replica.setHash();
  }

  onStanding(): Stop {
    return () => undefined;
  }

  onChange(listener: (change: ChangeSet) => void): Stop {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onRefused(): Stop {
    return () => undefined;
  }
}

function furniture(ids: readonly ObjectId[], stamp: Stamp): Patch {
  return patchOf({
    registers: ids.flatMap((id, at) =>
      Object.entries(FURNITURE[at % FURNITURE.length] ?? {}).map(([path, value]) => ({
        id,
        path: parsePath(path),
        register: { value, stamp },
      })),
    ),
  });
}
