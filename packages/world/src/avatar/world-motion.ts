import {
  type ChangeSet,
  type EditDraft,
  Emitter,
  fraction,
  type ObjectId,
  type Readable,
  type SceneObject,
  type Stop,
  type UserId,
  WeftError,
} from '@weft/core';
import type { Channel, Mover } from '@weft/live';
import { AVATAR_EVENT, type Homeserver, type Member, type RoomSession, reportUncaught } from '@weft/matrix';
import { type AvatarModel, avatarContent, type PartPose, readAvatarModel } from '@weft/protocol';
import type { Edit } from '../edits.ts';
import type { Platform } from '../platform.ts';
import type { Avatar, AvatarFacts } from './avatar.ts';
import { AvatarList } from './avatar-list.ts';
import { AvatarModels } from './avatar-models.ts';
import { Grip } from './grip.ts';
import { Me, type MeEvents } from './me.ts';
import { placeOf } from './place.ts';
import { sitterOf } from './seats.ts';
import { Sitting } from './sitting.ts';
import { spawnPlace } from './spawn-place.ts';

/** How long after somebody's word of it ended an object that is handed over is held where that left it, in milliseconds. */
const HANDED_WITHIN_MS = 1_000;

/** How somebody enters a world. */
export interface EnterOptions {
  /**
   * What to wear. Default `profile`: what this user wears in this room, else what their Matrix profile says. A model is worn from
   * then on; `null` takes that back.
   */
  readonly avatar?: 'profile' | AvatarModel | null;
  /** Where that is written: into the state of this room, or into the user's profile, for all worlds. Default `room`. */
  readonly wearIn?: 'room' | 'profile';
  /** The name of a spawn point. Default: the world's default one, else its first one, else its middle. */
  readonly spawn?: string;
}

export interface WorldMotionPorts {
  readonly session: RoomSession;
  readonly homeserver: Homeserver;
  readonly platform: Platform;
  /** `null` where the world has no live lane. */
  readonly channel: Channel | null;
  /** Who this client is. */
  readonly self: Pick<Avatar, 'user' | 'device' | 'actor'>;
  readonly scene: { get(id: ObjectId): SceneObject | undefined; objects(): Iterable<SceneObject> };
  readonly edit: (name: string, fn: (draft: EditDraft) => void) => Edit<void>;
  readonly check: (fn: (draft: EditDraft) => void) => void;
  readonly say: (text: string) => Promise<void>;
  readonly emit: (object: ObjectId | null, name: string, data: unknown) => boolean;
  readonly arrived: (avatar: Avatar) => void;
  readonly departed: (avatar: Avatar) => void;
}

interface Own {
  readonly me: Me;
  readonly grip: Grip;
  readonly sitting: Sitting;
}

/** What moves in a world: who is there, what they carry and where they sit. None of it is part of the graph. */
export class WorldMotion {
  readonly #ports: WorldMotionPorts;
  readonly #models: AvatarModels;
  readonly #avatars: AvatarList;
  readonly #stops: readonly Stop[];
  #members: readonly Member[] = [];
  #byUser: ReadonlyMap<UserId, Member> = new Map();
  #carried: ReadonlyMap<ObjectId, Mover> = new Map();
  /** Where what is no more carried by somebody was last: whoever takes it from there holds it there. */
  readonly #ended = new Map<ObjectId, { readonly place: PartPose; readonly atMs: number }>();
  #own: Own | null = null;
  #isEntering = false;
  #isClosed = false;

  constructor(ports: WorldMotionPorts) {
    const { session, homeserver, platform, channel, arrived, departed } = ports;
    this.#ports = ports;
    this.#models = new AvatarModels({
      state: () => session.state(AVATAR_EVENT),
      readProfile: (user, signal) => homeserver.readProfileField(user, AVATAR_EVENT, { signal }),
      changed: () => this.#avatars.refresh(),
    });
    this.#avatars = new AvatarList({
      ...{ motion: channel?.motion ?? null, now: platform.timers.now, arrived, departed },
      factsOf: (user) => this.#factsOf(user),
    });
    this.#stops =
      channel === null
        ? []
        : [
            channel.motion.movers.subscribe(() => this.#regard(channel.motion.movers.value)),
            channel.on('lease', (change) => {
              if (this.#own !== null) this.#own.grip.leaseChanged(change);
              // Nobody is here to hold it.
              else if (change.own && change.handed) channel.release(change.object);
            }),
          ];
  }

  /** Who entered and is there now, this client first. It is another list when somebody comes or goes, or is called otherwise. */
  get avatars(): Readable<readonly Avatar[]> {
    return this.#avatars.list;
  }

  /** This client's avatar; `null` before it entered, and once it left. */
  get me(): Me | null {
    return this.#own?.me ?? null;
  }

  /** What is carried by anybody now. */
  moving(): Iterable<ObjectId> {
    const own = this.#own?.grip.objects ?? [];
    return own.length === 0 ? this.#carried.keys() : new Set([...own, ...this.#carried.keys()]);
  }

  /**
   * Where an object is while somebody carries it, in the world's coordinates. `World.get` has where it was put down last: no motion
   * is part of the graph. Costs microseconds.
   *
   * @param timeMs a moment of the local clock, within the last second; default now
   * @returns `null` where nobody carries it: it is where the world has it
   */
  transformAt(id: ObjectId, timeMs: number = this.#ports.platform.timers.now()): PartPose | null {
    const own = this.#own?.grip.placeOf(id) ?? null;
    return own ?? this.#carried.get(id)?.poseAt(timeMs)?.body ?? null;
  }

  /**
   * From where this client looks so long as it has no avatar: it is told more of what is near. May be called with each frame.
   *
   * @param from in metres; `null` for everywhere
   */
  look(from: readonly [number, number, number] | null): void {
    this.#ports.channel?.motion.look(this.#own === null ? from : null);
  }

  /** Who holds an object, as the relay says; `null` for nobody, or where there is no relay. */
  holderOf(id: ObjectId): UserId | null {
    return this.#ports.channel?.holderOf(id)?.user ?? null;
  }

  /** Who sits on a seat: whom its register names, so long as they have an avatar here; `null` for nobody. */
  sitterOf(id: ObjectId): UserId | null {
    const object = this.#ports.scene.get(id);
    return object === undefined ? null : sitterOf(object, this.#avatars.users);
  }

  /** See `World.enter`. */
  async enter({ avatar = 'profile', wearIn = 'room', spawn }: EnterOptions): Promise<Me> {
    if (this.#isClosed || this.#own !== null || this.#isEntering) throw cannotEnter(this.#isClosed);
    this.#isEntering = true;
    try {
      if (avatar !== 'profile') await this.#wear(avatar, wearIn);
    } finally {
      this.#isEntering = false;
    }
    if (this.#isClosed) throw cannotEnter(true);
    return this.#arrive(spawn ?? null);
  }

  /** The visible scene changed. */
  changed({ changed, removed }: Pick<ChangeSet, 'changed' | 'removed'>): void {
    this.#own?.sitting.changed([...removed, ...changed.keys()]);
  }

  /** What the room says of people may be another. */
  standingChanged(): void {
    this.#models.update();
    this.#avatars.refresh();
  }

  close(): void {
    this.#isClosed = true;
    this.#own?.me.leave();
    for (const stop of this.#stops) stop();
    this.#models.close();
    this.#avatars.close();
  }

  #arrive(name: string | null): Me {
    const { channel, self, scene, edit, check, say, emit, platform } = this.#ports;
    const events = new Emitter<MeEvents>({ failed: reportUncaught });
    const grip = new Grip({
      ...{ channel, timers: platform.timers, get: (id) => scene.get(id) },
      shownPlace: (id) => this.#newestPlace(id),
      edits: {
        put: (object, transform) => edit('carry', (draft) => draft.set(object, { transform })),
        check: (object, transform) => check((draft) => draft.set(object, { transform })),
      },
      lost: (lost) => events.emit('lost', lost),
      handed: (object) => {
        let isKept = false;
        const keep = (): void => {
          isKept = true;
        };
        events.emit('handed', { object, keep });
        return isKept;
      },
    });
    const sitting = new Sitting({
      ...{ user: self.user, get: (id) => scene.get(id), edit, check },
      present: () => this.#avatars.users,
      unseated: (unseated) => {
        me.pose({ ...me.lastPose, state: 'stand' });
        events.emit('unseated', unseated);
      },
    });
    const me: Me = new Me({
      ...{ motion: channel?.motion ?? null, grip, sitting, events, say, emit },
      spawn: spawnPlace(scene.objects(), name, () => fraction(platform.random)),
      avatar: () => this.#avatars.own ?? never(),
      personOf: (avatar) => this.#personOf(avatar),
      left: () => {
        this.#own = null;
        this.#avatars.setOwn(null);
      },
    });
    this.#own = { me, grip, sitting };
    this.look(null);
    this.#avatars.setOwn({ ...self, poseAt: () => me.lastPose });
    return me;
  }

  #regard(movers: readonly Mover[]): void {
    const carried = new Map<ObjectId, Mover>();
    for (const mover of movers) if (mover.object !== null) carried.set(mover.object, mover);
    const atMs = this.#ports.platform.timers.now();
    for (const [id, ended] of this.#ended) if (atMs - ended.atMs > HANDED_WITHIN_MS) this.#ended.delete(id);
    for (const [id, mover] of this.#carried) {
      const place = carried.get(id) === mover ? null : newestOf(mover, atMs);
      if (place !== null) this.#ended.set(id, { place, atMs });
    }
    this.#carried = carried;
  }

  /** Where an object is by the newest word, not as it is played. */
  #newestPlace(id: ObjectId): PartPose | null {
    const nowMs = this.#ports.platform.timers.now();
    const mover = this.#carried.get(id);
    const ended = this.#ended.get(id);
    if (mover !== undefined) return newestOf(mover, nowMs);
    if (ended !== undefined && nowMs - ended.atMs <= HANDED_WITHIN_MS) return ended.place;
    const object = this.#ports.scene.get(id);
    return object === undefined ? null : placeOf(object);
  }

  #factsOf(user: UserId): AvatarFacts {
    const { members } = this.#ports.session.standing;
    // A crowd that comes in asks of each: the list is looked through once.
    if (members !== this.#members) this.#byUser = new Map(members.map((each) => [each.user, each]));
    this.#members = members;
    const member = this.#byUser.get(user);
    return { name: member?.name ?? user, role: member?.role ?? 'visitor', model: this.#models.of(user) };
  }

  #personOf({ user, actor }: Avatar) {
    const { channel } = this.#ports;
    const relay = channel?.status.value.relay?.url;
    return (
      channel?.people.value.find(
        (each) => each.relay === relay && each.user === user && each.actor === actor,
      ) ?? null
    );
  }

  /** Writes it where it is not written already. @throws HomeserverError, WeftError `invalid-value` */
  async #wear(model: AvatarModel | null, where: 'room' | 'profile'): Promise<void> {
    const { session, homeserver, self } = this.#ports;
    const content = model === null ? {} : avatarContent(model);
    if (model !== null && readAvatarModel(content) === null) throw badModel(model);
    if (where === 'profile') {
      await homeserver.writeProfileField(AVATAR_EVENT, content);
      this.#models.forget(self.user);
      return;
    }
    const [now] = session.state(AVATAR_EVENT).filter(({ stateKey }) => stateKey === self.user);
    if (JSON.stringify(now?.content ?? {}) === JSON.stringify(content)) return;
    await homeserver.sendState(session.room, { type: AVATAR_EVENT, stateKey: self.user, content });
  }
}

function newestOf(mover: Mover, nowMs: number): PartPose | null {
  return mover.poseAt(nowMs + mover.delayMs)?.body ?? null;
}

function never(): never {
  throw new WeftError('closed', {
    what: 'look at this avatar',
    expected: 'one that is in the world',
    got: 'one that left',
    hint: 'Enter the world again.',
  });
}

function cannotEnter(isClosed: boolean): WeftError {
  return new WeftError(isClosed ? 'closed' : 'limit', {
    what: 'enter the world',
    expected: isClosed ? 'an open world' : 'one avatar a client',
    got: isClosed ? 'a closed one' : 'a second one',
    hint: isClosed
      ? 'Open it again.'
      : 'Use the one that is there (`world.motion.me`), or let it leave first.',
    by: 'developer',
  });
}

function badModel({ src }: AvatarModel): WeftError {
  return new WeftError('invalid-value', {
    what: 'wear an avatar',
    expected: 'a model of at most 32 MiB under mxc, https or ipfs',
    got: src,
    hint: 'Publish the model first.',
  });
}
