import { Cell, type ObjectId, type Readable, type Timers } from '@weft/core';
import {
  type MoverEntry,
  type MoverPose,
  type Movers,
  type PoseUpdate,
  poseOf,
  relayTimeOf,
  type UpFrame,
  type Welcome,
} from '@weft/protocol';
import type { AvatarStanding, LanePerson, MotionPort, Mover } from '../channel.ts';
import { withPose } from './as-others-see.ts';
import { HeardMover, type MoverSource } from './heard-mover.ts';
import { MoverTrack } from './mover-track.ts';
import { OwnMovers } from './own-movers.ts';
import { OwnView } from './own-view.ts';

export interface ChannelMotionOptions {
  readonly timers: Timers;
  /** To this client's relay; `false` where none is live. */
  readonly send: (frame: UpFrame) => boolean;
  readonly backlogBytes: () => number;
  /** The address of this client's relay. */
  readonly own: () => string | null;
  /** A relay's clock minus the local one, in milliseconds; `null` until it was measured. */
  readonly offsetMs: (relay: string) => number | null;
  readonly person: (relay: string, session: number) => LanePerson | null;
}

/** Poses of one frame, as they were read. */
export interface Poses {
  readonly type: 'poses';
  readonly at: number;
  readonly updates: readonly PoseUpdate[];
}

interface Heard {
  readonly session: number;
  readonly object: ObjectId | null;
  readonly track: MoverTrack;
}

interface LaneMovers {
  /** This client's own number there. */
  readonly session: number;
  /** How many poses a second the relay carries; `null` so long as it carries none. */
  perSecond: number | null;
  /** What this client moves there. */
  readonly own: Map<number, MoverEntry>;
  /** What the welcome said of the clock, until that was measured. */
  readonly firstOffsetMs: number;
  readonly heard: Map<number, Heard>;
}

/** What moves, over all relays of a channel: own movers out, those of others in. */
export class ChannelMotion implements MotionPort {
  readonly #options: ChannelMotionOptions;
  readonly #lanes = new Map<string, LaneMovers>();
  readonly #movers = new Map<string, HeardMover>();
  readonly #list = new Cell<readonly Mover[]>([]);
  readonly #avatar = new Cell<AvatarStanding>('away');
  readonly #own: OwnMovers;
  readonly #view: OwnView;

  constructor(options: ChannelMotionOptions) {
    const { timers, send, backlogBytes, own, offsetMs } = options;
    this.#options = options;
    this.#own = new OwnMovers({
      ...{ timers, send, backlogBytes },
      relayMs: () => {
        const relay = own();
        const ahead = relay === null ? null : offsetMs(relay);
        return ahead === null ? null : timers.now() + ahead;
      },
      changed: () => this.#avatar.set(this.#standing()),
    });
    this.#view = new OwnView(timers, (frame) => this.#own.isCarried && send(frame));
  }

  get movers(): Readable<readonly Mover[]> {
    return this.#list;
  }

  get avatar(): Readable<AvatarStanding> {
    return this.#avatar;
  }

  enter(): void {
    this.#own.enter();
    this.#avatar.set(this.#standing());
  }

  leave(): void {
    this.#own.leave();
    this.#avatar.set(this.#standing());
  }

  move(object: ObjectId | null, pose: MoverPose, options: { readonly teleported?: boolean } = {}): MoverPose {
    const what = object === null ? 'show a pose' : `carry ${object}`;
    return withPose(what, () => this.#own.move(object, pose, options.teleported ?? false));
  }

  drop(object: ObjectId): void {
    this.#own.drop(object);
  }

  look(from: readonly [number, number, number] | null): void {
    this.#view.look(from);
  }

  welcomed(relay: string, { session, nowMs }: Pick<Welcome, 'session' | 'nowMs'>): void {
    const firstOffsetMs = nowMs - this.#options.timers.now();
    this.#lanes.set(relay, { session, firstOffsetMs, perSecond: null, own: new Map(), heard: new Map() });
    this.#gather();
  }

  /** This client sends to this relay from now on, or to none. */
  moved(relay: string | null): void {
    const lane = relay === null ? undefined : this.#lanes.get(relay);
    this.#own.moved(lane?.session ?? null);
    if (lane === undefined) return;
    // That was said before the lane was live.
    if (lane.perSecond !== null) this.#rated(lane.perSecond);
    this.#own.announced({ appeared: [...lane.own.values()], left: [] });
  }

  rated(relay: string, perSecond: number): void {
    const lane = this.#lanes.get(relay);
    if (lane === undefined) return;
    const isFirst = lane.perSecond === null;
    lane.perSecond = perSecond;
    if (relay !== this.#options.own()) return;
    if (isFirst) this.#rated(perSecond);
    else this.#own.rated(perSecond);
  }

  announced(relay: string, frame: Movers): void {
    const lane = this.#lanes.get(relay);
    if (lane === undefined) return;
    for (const handle of frame.left) {
      lane.heard.delete(handle);
      lane.own.delete(handle);
    }
    for (const entry of frame.appeared) {
      const { handle, session, object } = entry;
      if (session === lane.session) lane.own.set(handle, entry);
      else lane.heard.set(handle, { session, object, track: new MoverTrack() });
    }
    if (relay === this.#options.own()) this.#own.announced(frame);
    this.#gather();
  }

  /** Who is on the relays is known better. */
  peopleChanged(): void {
    this.#gather();
  }

  heard(relay: string, { at, updates }: Poses): void {
    const lane = this.#lanes.get(relay);
    if (lane === undefined) return;
    const relayNowMs = this.#options.timers.now() + this.#offsetMs(relay, lane);
    const toldMs = relayTimeOf(at, relayNowMs);
    for (const { handle, pose, ageMs, teleported } of updates) {
      const track = lane.heard.get(handle)?.track;
      track?.add(toldMs - ageMs, pose === null ? null : poseOf(pose), teleported, relayNowMs);
    }
  }

  /** Everybody there is away, at once. */
  lost(relay: string): void {
    this.#lanes.delete(relay);
    this.#gather();
  }

  close(): void {
    this.#own.close();
    this.#view.close();
    this.#lanes.clear();
    this.#gather();
  }

  #rated(perSecond: number): void {
    this.#own.rated(perSecond);
    this.#view.again();
  }

  #standing(): AvatarStanding {
    if (this.#own.isShown) return 'shown';
    return this.#own.isCarried ? 'asked' : 'away';
  }

  #offsetMs(relay: string, lane: LaneMovers): number {
    return this.#options.offsetMs(relay) ?? lane.firstOffsetMs;
  }

  /** One mover for each client's avatar and for each object that it carries, whichever relays tell of it. */
  #gather(): void {
    const sources = new Map<string, { object: ObjectId | null; all: [MoverSource, ...MoverSource[]] }>();
    for (const [relay, lane] of this.#lanes)
      for (const { session, object, track } of lane.heard.values()) {
        const person = this.#options.person(relay, session);
        if (person === null) continue;
        const key = `${person.user} ${person.actor} ${object ?? ''}`;
        const source = { person, track, offsetMs: () => this.#offsetMs(relay, lane) };
        const known = sources.get(key);
        if (known === undefined) sources.set(key, { object, all: [source] });
        else known.all.push(source);
      }
    let isOther = false;
    for (const key of [...this.#movers.keys()])
      if (!sources.has(key)) isOther = this.#movers.delete(key) || isOther;
    for (const [key, { object, all }] of sources) {
      const known = this.#movers.get(key);
      if (known !== undefined) {
        known.setSources(all);
        continue;
      }
      this.#movers.set(key, new HeardMover(object, all));
      isOther = true;
    }
    if (isOther) this.#list.set([...this.#movers.values()]);
  }
}
