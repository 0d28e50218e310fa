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
} from '@weft/core';
import type { LaneWorld } from '../lane/lane-world.ts';

const OBJECTS = 500;
const VALUES = {
  'node.kind': 'prop',
  'node.name': 'A bench under the lime tree',
  'node.order': 'a0V',
  'transform.position': [1.25, 0, -3.5],
  'transform.rotation': [0, 0.6, 0, 0.8],
  'mesh.src': 'mxc://example.org/bench',
};

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
    registers: ids.flatMap((id) =>
      Object.entries(VALUES).map(([path, value]) => ({
        id,
        path: parsePath(path),
        register: { value, stamp },
      })),
    ),
  });
}
