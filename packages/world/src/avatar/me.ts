import {
  Cell,
  type Emitter,
  type ObjectId,
  parseObjectId,
  type Readable,
  type Stop,
  WeftError,
} from '@weft/core';
import { type AvatarStanding, asOthersSee, type LanePerson, type MotionPort } from '@weft/live';
import type { MoverPose, PartPose } from '@weft/protocol';
import type { Edit } from '../edits.ts';
import type { Avatar } from './avatar.ts';
import type { Grip, LostGrip } from './grip.ts';
import type { Sitting, Unseated } from './sitting.ts';
import type { SpawnPlace } from './spawn-place.ts';

/** Who sees this client's avatar, for programs and for people. */
export interface MeStatus {
  /** `shown` to others; `asked` while its relay has not given it a place; `away` where nothing carries poses. */
  readonly seen: AvatarStanding;
  readonly detail: string;
}

/** What happens to an avatar that it did not do itself. */
export interface MeEvents {
  /** Something that it carried is held no more. */
  readonly lost: LostGrip;
  /** Somebody gives it something, which it holds from then on where `keep` is called at once; else it is put down. */
  readonly handed: { readonly object: ObjectId; readonly keep: () => void };
  /** Somebody else has the seat; it stands. */
  readonly unseated: Unseated;
}

export interface MePorts {
  /** `null` where the world has no live lane. */
  readonly motion: MotionPort | null;
  readonly spawn: SpawnPlace;
  readonly avatar: () => Avatar;
  readonly grip: Grip;
  readonly sitting: Sitting;
  readonly events: Emitter<MeEvents>;
  /** The person behind an avatar, on this client's own relay. */
  readonly personOf: (avatar: Avatar) => LanePerson | null;
  readonly say: (text: string) => Promise<void>;
  readonly emit: (object: ObjectId | null, name: string, data: unknown) => boolean;
  readonly left: () => void;
}

const DETAILS: Readonly<Record<AvatarStanding, string>> = {
  shown: 'Others see this avatar.',
  asked: 'The relay was asked for a place; others see this avatar as soon as there is one.',
  away: 'No relay carries poses now: nobody sees this avatar, and nothing can be carried. It shows again by itself.',
};

/** This client's avatar in a world, from `World.enter` to `leave`. Nothing that it does in passing touches the graph. */
export class Me {
  /** Where it arrived. */
  readonly spawn: SpawnPlace;
  readonly #ports: MePorts;
  readonly #status: Cell<MeStatus>;
  readonly #stopStatus: Stop;
  #pose: MoverPose;
  #isHere = true;

  constructor(ports: MePorts) {
    const { motion, spawn } = ports;
    this.#ports = ports;
    this.spawn = spawn;
    this.#status = new Cell(statusOf(motion));
    this.#stopStatus =
      motion?.avatar.subscribe(() => this.#status.set(statusOf(motion))) ?? (() => undefined);
    this.#pose = this.#show({ body: spawn, state: 'stand', resting: true }, true);
    motion?.enter();
  }

  /** Whether others see it. */
  get status(): Readable<MeStatus> {
    return this.#status;
  }

  /** It itself, as one of `World.avatars`. */
  get avatar(): Avatar {
    return this.#ports.avatar();
  }

  /** What it carries, the latest last. */
  get carries(): readonly ObjectId[] {
    return this.#ports.grip.objects;
  }

  /** Where it sits; `null` where it does not. */
  get seat(): ObjectId | null {
    return this.#ports.sitting.seat;
  }

  /** How it stands, as others see it. */
  get lastPose(): MoverPose {
    return this.#pose;
  }

  /**
   * How it stands now, in the world's coordinates; call it with each frame. The newest pose goes out as often as the relay
   * wants, and where nothing carries poses it is dropped, which `status` says. A head or hands that come or go later are another avatar to
   * the relay: others see it blink once.
   *
   * @param options.teleported it did not move here, so nobody shows a way
   * @throws WeftError `invalid-value` for what is not finite, 4,096 m away or no rotation; `closed` once it left
   */
  pose(pose: MoverPose, options: { readonly teleported?: boolean } = {}): void {
    this.#assertHere('pose');
    const state = pose.state ?? (this.seat === null ? 'stand' : 'sit');
    this.#pose = this.#show({ ...pose, state }, options.teleported ?? false);
  }

  /**
   * Takes hold of an object, so that nobody else moves it: it can be carried at once, and is put back where the relay says no.
   *
   * @param options.priority 0 to 255; a higher one takes it from a lower one. Default: 0
   * @returns resolves once the relay gave it
   * @throws WeftError in the promise: `held` with who holds it, `no-relay` where there are no leases: on Matrix alone, and
   *   between peers, edits move objects, and the later one stands; `unknown-object`; what an edit of its transform throws
   */
  async grab(id: string, options: { readonly priority?: number } = {}): Promise<void> {
    this.#assertHere('grab');
    return this.#ports.grip.grab(parseObjectId(id), options.priority ?? 0);
  }

  /**
   * Where what it holds is now, in the world's coordinates, for all to see; the graph hears nothing of it.
   *
   * @param id default: what was grabbed last
   * @returns `false` where it does not hold that (any more)
   * @throws WeftError `invalid-value` as `pose`
   */
  carry(place: PartPose, id?: string): boolean {
    return this.#ports.grip.carry(place, id === undefined ? undefined : parseObjectId(id));
  }

  /**
   * Puts down what it holds, where it is: one edit named 'carry', one step of undo. Then the lease ends, once the relay has the edit, after
   * two seconds at most.
   *
   * @param id default: what was grabbed last
   * @returns the edit; `null` where it was not moved, or not held
   * @throws WeftError in the promise as `World.edit` does; it goes back then
   */
  async release(id?: string): Promise<Edit<void> | null> {
    return this.#ports.grip.release(id === undefined ? undefined : parseObjectId(id));
  }

  /**
   * Gives what it holds to somebody else, so that nobody takes it in between.
   *
   * @throws WeftError in the promise: `held` where this client does not hold it, or the other one cannot
   */
  async handOver(id: string, to: Avatar): Promise<void> {
    const object = parseObjectId(id);
    const person = this.#ports.personOf(to);
    if (person !== null) return this.#ports.grip.handOver(object, person);
    throw new WeftError('held', {
      what: `hand ${object} over to ${to.user}`,
      expected: 'somebody on the relay of this client',
      got: 'somebody who is not',
      hint: 'Put it down for them instead.',
    });
  }

  /**
   * Sits down: says so in the seat's one register, and moves there. Of two who do so at once one has the seat, the first whom a relay
   * heard or else the later one; the other is told by `unseated` and stands. Whoever is not there any more does not occupy a seat. To go
   * from seat to seat is two edits: that one stands up is not taken back where the other seat is taken. Visitors sit down where a relay brings that to the room.
   *
   * @throws WeftError `held` where somebody sits there, `unknown-object`, `invalid-value` for what is no seat, and what
   *   `World.edit` does
   */
  sit(id: string): Edit<void> {
    this.#assertHere('sit');
    const edit = this.#ports.sitting.sit(parseObjectId(id));
    const body = this.#ports.sitting.place;
    if (body !== null) this.#pose = this.#show({ body, state: 'sit', resting: true }, true);
    return edit;
  }

  /** Stands up, and frees the seat. @returns the edit; `null` where it did not sit */
  stand(): Edit<void> | null {
    const edit = this.#ports.sitting.stand();
    this.#pose = this.#show({ ...this.#pose, state: 'stand' }, false);
    return edit;
  }

  /** See `World.say`. */
  say(text: string): Promise<void> {
    return this.#ports.say(text);
  }

  /** See `World.emit`. */
  emit(object: ObjectId | null, name: string, data: unknown = null): boolean {
    return this.#ports.emit(object, name, data);
  }

  /** @returns what stops it */
  on<Name extends keyof MeEvents>(event: Name, listener: (value: MeEvents[Name]) => void): Stop {
    return this.#ports.events.on(event, listener);
  }

  /** Puts down what it carries, stands up and is seen no more; may be called again. */
  leave(): void {
    if (!this.#isHere) return;
    this.#isHere = false;
    this.#ports.grip.letGo();
    try {
      this.#ports.sitting.stand();
    } catch (error) {
      // Who may not edit any more leaves all the same, and a seat counts its sitter only while that one is there.
      if (!(error instanceof WeftError)) throw error;
    }
    this.#stopStatus();
    this.#ports.motion?.leave();
    this.#ports.events.clear();
    this.#ports.left();
  }

  #show(pose: MoverPose, teleported: boolean): MoverPose {
    const { motion } = this.#ports;
    return motion === null ? asOthersSee(pose, 'show a pose') : motion.move(null, pose, { teleported });
  }

  #assertHere(what: string): void {
    if (this.#isHere) return;
    throw new WeftError('closed', {
      what,
      expected: 'an avatar that is in the world',
      got: 'one that left',
      hint: 'Enter the world again.',
    });
  }
}

function statusOf(motion: MotionPort | null): MeStatus {
  const seen = motion?.avatar.value ?? 'away';
  return Object.freeze({ seen, detail: DETAILS[seen] });
}
