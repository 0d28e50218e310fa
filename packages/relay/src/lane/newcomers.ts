import type { ObjectId, UserId } from '@weft/core';
import {
  encodeFrame,
  type Hello,
  MAX_FRAME_BYTES,
  MAX_PATCH_BYTES,
  MAX_PATCH_OBJECTS,
  MAX_PEOPLE,
  type Welcome,
  type WirePatch,
} from '@weft/protocol';
import type { LaneWorld } from './lane-world.ts';
import type { People } from './people.ts';
import type { Recent } from './recent.ts';
import type { RoomLimits } from './room-limits.ts';
import { type Seat, wireLevel } from './seat.ts';
import { SnapshotFile } from './snapshot-file.ts';
import type { Stream } from './stream.ts';
import { partsOf, type Unsettled } from './unsettled.ts';

export interface NewcomersOptions {
  readonly world: LaneWorld;
  readonly people: People;
  readonly stream: Stream;
  readonly recent: Recent;
  readonly unsettled: Unsettled;
  readonly limits: RoomLimits;
  readonly now: () => number;
}

interface CatchUp {
  readonly kind: Welcome['kind'];
  readonly snapshotBytes: number;
  readonly snapshotObjects: number;
  /** Patches and retractions. */
  readonly missed: readonly Uint8Array[];
  readonly snapshot: readonly Uint8Array[];
}

/** Brings those who come up to date with as little as possible: what they missed, else what the room does not hold, else all. */
export class Newcomers {
  readonly #options: NewcomersOptions;
  readonly #snapshot: SnapshotFile;

  constructor(options: NewcomersOptions) {
    this.#options = options;
    this.#snapshot = new SnapshotFile(options.world);
  }

  /** Makes what every newcomer needs, so that the first need not wait. */
  prepare(): void {
    this.#snapshot.get();
  }

  /** Something of these objects changed. */
  touch(ids: Iterable<ObjectId>): void {
    this.#snapshot.touch(ids);
  }

  /** Something was purged: nobody is told of it any more. */
  forget(): void {
    this.#snapshot.forget();
  }

  welcome(seat: Seat, hello: Hello): void {
    const { people, stream, recent, limits, now } = this.#options;
    const { missed, snapshot, ...announced } = this.#catchUp(hello);
    const entries = [seat, ...people.all()].map((each) => each.entry());
    people.send(seat, {
      type: 'welcome',
      version: 1,
      run: stream.run,
      session: seat.session,
      through: stream.seq,
      missed: missed.length,
      resumed: hello.position === null ? null : recent.endOf(hello.position.run),
      ...announced,
      committed: stream.committed,
      level: wireLevel(seat.level),
      nowMs: Math.floor(now()),
      limits: {
        frameBytes: MAX_FRAME_BYTES,
        patchBytes: MAX_PATCH_BYTES,
        patchObjects: MAX_PATCH_OBJECTS,
        framesPerSecond: limits.framesPerSecond,
        frameBurst: limits.frameBurst,
        bytesPerSecond: limits.bytesPerSecond,
      },
      people: entries.slice(0, MAX_PEOPLE),
    });
    for (let at = MAX_PEOPLE; at < entries.length; at += MAX_PEOPLE)
      people.send(seat, { type: 'people', joined: entries.slice(at, at + MAX_PEOPLE), left: [] });
    seat.outbox.catchUp([...missed, ...snapshot]);
  }

  #catchUp({ position, setHash }: Hello): CatchUp {
    const { recent, world } = this.#options;
    const since = position === null ? null : recent.since(position);
    const nothing = { snapshotBytes: 0, snapshotObjects: 0, snapshot: [] };
    if (since !== null) return { kind: 'difference', missed: since, ...nothing };
    const missed = this.#unsettled();
    if (setHash === world.replica.setHash()) return { kind: 'live-only', missed, ...nothing };
    const { bytes, objects, messages, since: newer } = this.#snapshot.get();
    return {
      kind: 'snapshot',
      missed: [...newer.map((wire) => this.#told(wire, null)), ...missed],
      snapshotBytes: bytes,
      snapshotObjects: objects,
      snapshot: messages,
    };
  }

  /** What the room does not hold, as patches of those who wrote it. */
  #unsettled(): Uint8Array[] {
    return this.#options.unsettled
      .all()
      .flatMap((work) => partsOf(work).map(({ wire }) => this.#told(wire, work.user)));
  }

  #told(patch: WirePatch, user: UserId | null): Uint8Array {
    const { seq, committed } = this.#options.stream;
    return encodeFrame({ type: 'patch-down', seq, session: 0, user, committed, patch });
  }
}
