import { Cell, type Readable, type Stop, type Timers, type UserId } from '@weft/core';
import {
  isOpenSlot,
  type LaneMember,
  MEMBER_EVENTS,
  MEMBER_STATE_EVENT,
  type RelayTransport,
  RTC_SLOT_ID,
  readLanePolicy,
  readMember,
  readMemberState,
  SLOT_EVENTS,
} from '@weft/protocol';
import { WORLD_EVENT } from '../event-types.ts';
import type { RoomUpdate } from '../homeserver.ts';
import type { RoomSessionEvents } from '../room/session-events.ts';
import type { Standing } from '../room/standing.ts';
import type { RoomEvent } from '../room-event.ts';
import { StickyStore, type Stuck } from './sticky-store.ts';

/** Somebody who says that they are on a lane of the world; the homeservers vouch for the user. */
export interface PublishedMember extends LaneMember {
  readonly user: UserId;
}

/** Of a session, what tells who is on the lane. */
export interface MembersSource {
  readonly standing: Standing;
  state(type: string): readonly RoomEvent[];
  on<Name extends 'update' | 'standing'>(
    name: Name,
    listener: (value: RoomSessionEvents[Name]) => void,
  ): Stop;
}

export interface RoomMembersOptions {
  readonly source: MembersSource;
  readonly timers: Timers;
  /** The server's clock minus the local one, in milliseconds. */
  readonly serverOffsetMs: () => number;
}

/** Members that are looked at; of more, those of the smallest users and ids count. */
export const MAX_PUBLISHED_MEMBERS = 1000;

/** Who is on a lane of the world, as members say in the room: of every generation of MatrixRTC that is on the wire. */
export class RoomMembers {
  readonly #options: RoomMembersOptions;
  readonly #sticky: StickyStore;
  readonly #members = new Cell<readonly PublishedMember[]>([]);
  readonly #stops: readonly Stop[];
  #stopTimer: Stop = () => undefined;

  constructor(options: RoomMembersOptions) {
    this.#options = options;
    this.#sticky = new StickyStore(MEMBER_EVENTS);
    const { source } = options;
    this.#stops = [
      source.on('update', (update) => this.#onUpdate(update)),
      source.on('standing', () => this.#refresh()),
    ];
    this.#refresh();
  }

  /** In the order of users and member ids; a new list whenever any of it may have changed. */
  get members(): Readable<readonly PublishedMember[]> {
    return this.#members;
  }

  /** Takes what sticks in the room already. */
  take(update: Pick<RoomUpdate, 'sticky' | 'redactions'>): void {
    this.#onUpdate(update);
  }

  /** The relays that the world names, in its order. */
  pinned(): readonly RelayTransport[] {
    const world = this.#options.source.state(WORLD_EVENT).find(({ stateKey }) => stateKey === '');
    return readLanePolicy(world?.content).relays;
  }

  joined(): ReadonlySet<UserId> {
    const { members } = this.#options.source.standing;
    return new Set(members.filter(({ membership }) => membership === 'join').map(({ user }) => user));
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.#stopTimer();
  }

  #onUpdate({ sticky, redactions }: Pick<RoomUpdate, 'sticky' | 'redactions'>): void {
    const nowMs = this.#options.timers.now();
    let news = false;
    for (const event of sticky) if (this.#sticky.take(event, nowMs)) news = true;
    for (const { target } of redactions) if (this.#sticky.redact(target)) news = true;
    if (news) this.#refresh();
  }

  #refresh(): void {
    const { timers, serverOffsetMs } = this.#options;
    const nowMs = timers.now();
    this.#stopTimer();
    this.#sticky.prune(nowMs);
    const joined = this.joined();
    const stated = this.#stated(joined, nowMs + serverOffsetMs());
    const found = new Map<string, PublishedMember>();
    // A member of both generations is one; what it says in the newer one counts.
    for (const { member } of stated) found.set(keyOf(member), member);
    for (const stuck of this.#stuck(joined)) found.set(keyOf(stuck), stuck);
    const isOpen = this.#isOpen();
    const sorted = [...found.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, member]) => member);
    this.#members.set(isOpen ? sorted.slice(0, MAX_PUBLISHED_MEMBERS) : []);
    const ends = [...stated.map(({ leftMs }) => leftMs), this.#sticky.firstEndMs() - nowMs];
    const nextMs = Math.min(...ends);
    if (Number.isFinite(nextMs)) this.#stopTimer = timers.after(Math.max(0, nextMs), () => this.#refresh());
  }

  #isOpen(): boolean {
    const { source } = this.#options;
    return SLOT_EVENTS.some((type) =>
      source.state(type).some(({ stateKey, content }) => stateKey === RTC_SLOT_ID && isOpenSlot(content)),
    );
  }

  #stuck(joined: ReadonlySet<UserId>): PublishedMember[] {
    return this.#sticky.events().flatMap(({ event }: Stuck) => {
      const member = joined.has(event.sender) ? readMember(event.content) : null;
      return member === null ? [] : [{ ...member, user: event.sender }];
    });
  }

  #stated(
    joined: ReadonlySet<UserId>,
    serverNowMs: number,
  ): { readonly member: PublishedMember; readonly leftMs: number }[] {
    const { source } = this.#options;
    return source.state(MEMBER_STATE_EVENT).flatMap(({ sender, content, atMs }) => {
      const read = joined.has(sender) ? readMemberState(content, atMs) : null;
      if (read === null) return [];
      const { expiresAtMs, ...member } = read;
      const leftMs = expiresAtMs - serverNowMs;
      return leftMs <= 0 ? [] : [{ member: { ...member, user: sender }, leftMs }];
    });
  }
}

function keyOf({ user, memberId }: PublishedMember): string {
  return `${user} ${memberId}`;
}
