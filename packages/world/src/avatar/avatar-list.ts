import { Cell, type Readable, type Stop, type UserId } from '@weft/core';
import type { MotionPort, Mover } from '@weft/live';
import { type Avatar, type AvatarFacts, type AvatarSource, SourcedAvatar } from './avatar.ts';

export interface AvatarListPorts {
  /** `null` where the world has no live lane. */
  readonly motion: MotionPort | null;
  readonly now: () => number;
  readonly factsOf: (user: UserId) => AvatarFacts;
  readonly arrived: (avatar: Avatar) => void;
  readonly departed: (avatar: Avatar) => void;
}

/** Who entered and is there now, this client first, then in the order in which they came. */
export class AvatarList {
  readonly #ports: AvatarListPorts;
  readonly #cell = new Cell<readonly Avatar[]>([]);
  readonly #others = new Map<Mover, SourcedAvatar>();
  readonly #stop: Stop;
  #own: SourcedAvatar | null = null;

  constructor(ports: AvatarListPorts) {
    this.#ports = ports;
    this.#stop = ports.motion?.movers.subscribe(() => this.#follow()) ?? (() => undefined);
    this.#follow();
  }

  get list(): Readable<readonly Avatar[]> {
    return this.#cell;
  }

  get own(): Avatar | null {
    return this.#own;
  }

  /** Of whom anything is there, this client included. */
  get users(): ReadonlySet<UserId> {
    return new Set(this.#cell.value.map(({ user }) => user));
  }

  /** This client is there from now on, or no more. */
  setOwn(source: AvatarSource | null): void {
    const before = this.#own;
    this.#own = source === null ? null : this.#make(source, true);
    this.#publish();
    if (before !== null) this.#ports.departed(before);
    if (this.#own !== null) this.#ports.arrived(this.#own);
  }

  /** What the room says of those who are there may be another. */
  refresh(): void {
    let isOther = false;
    const known = this.#own === null ? [...this.#others.values()] : [this.#own, ...this.#others.values()];
    for (const avatar of known) isOther = avatar.update(this.#ports.factsOf(avatar.user)) || isOther;
    if (isOther) this.#publish();
  }

  close(): void {
    this.#stop();
    this.#others.clear();
    this.#own = null;
    this.#publish();
  }

  #follow(): void {
    const { motion, arrived, departed } = this.#ports;
    const movers = (motion?.movers.value ?? []).filter(({ object }) => object === null);
    const there = new Set(movers);
    const gone = [...this.#others].filter(([mover]) => !there.has(mover));
    const come = movers.filter((mover) => !this.#others.has(mover));
    for (const [mover] of gone) this.#others.delete(mover);
    const fresh = come.map((mover) => {
      const avatar = this.#make({ ...identityOf(mover), poseAt: (timeMs) => mover.poseAt(timeMs) }, false);
      this.#others.set(mover, avatar);
      return avatar;
    });
    if (gone.length + come.length > 0) this.#publish();
    for (const [, avatar] of gone) departed(avatar);
    for (const avatar of fresh) arrived(avatar);
  }

  #make(source: AvatarSource, own: boolean): SourcedAvatar {
    return new SourcedAvatar(source, own, this.#ports.factsOf(source.user), this.#ports.now);
  }

  #publish(): void {
    const others = [...this.#others.values()];
    this.#cell.set(Object.freeze(this.#own === null ? others : [this.#own, ...others]));
  }
}

function identityOf({ person: { user, device, actor } }: Mover) {
  return { user, device, actor };
}
