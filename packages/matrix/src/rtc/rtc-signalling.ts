import { Cell, type Readable, type Stop, sameRecords, type Timers, type UserId } from '@weft/core';
import { type LaneMember, MEMBER_STATE_EVENT, type RelayTransport } from '@weft/protocol';
import type { Homeserver } from '../homeserver.ts';
import { type RoomId, serverOf } from '../ids.ts';
import { ROLE_LEVEL } from '../power-levels.ts';
import { MemberPublication } from './member-publication.ts';
import { PeerMail } from './peer-mail.ts';
import { RelayDiscovery } from './relay-discovery.ts';
import { type MembersSource, RoomMembers } from './room-members.ts';
import { TicketDesk } from './ticket-desk.ts';

export interface RtcSignallingOptions {
  readonly homeserver: Homeserver;
  readonly session: MembersSource & { readonly room: RoomId };
  readonly timers: Timers;
  /** A fraction in [0, 1), for jitter. */
  readonly fraction: () => number;
  /** Relays that whoever runs this client names; looked at last. */
  readonly configured?: readonly RelayTransport[];
  /** Whether relays are wanted; without, none is found and none is read. Default: yes. */
  readonly relays?: boolean;
  /** Something that goes on without: what sticks in the room could not be read. */
  readonly failed: (error: unknown) => void;
}

/** What is asked of a relay; the client's own words for a `world.weft.ticket_request`. */
export interface LaneTicketRequest {
  readonly memberId: string;
  readonly nonce: string;
  readonly key: string;
}

/** A member as the lane says it: with the one relay that it sends to, or `null` for one that has none and takes edits from device to device. */
export interface LaneAnnouncement {
  readonly memberId: string;
  readonly key: string;
  readonly transport: RelayTransport | null;
}

/** Relays that are read, of all that members publish. */
export const MAX_PUBLISHED_RELAYS = 3;

/** The signalling of a live lane over Matrix: how the clients and the relays of one world find each other. */
export class RtcSignalling {
  readonly #options: RtcSignallingOptions;
  readonly #members: RoomMembers;
  readonly #discovery: RelayDiscovery;
  readonly #tickets: TicketDesk;
  readonly #publication: MemberPublication;
  readonly #peers: PeerMail;
  readonly #published = new Cell<readonly RelayTransport[]>([], sameRecords);
  readonly #known = new Cell<readonly RelayTransport[]>([], sameRecords);
  readonly #stops: readonly Stop[];

  constructor(options: RtcSignallingOptions) {
    const { homeserver, session, timers, fraction, configured = [] } = options;
    this.#options = options;
    this.#members = new RoomMembers({
      source: session,
      timers,
      serverOffsetMs: () => homeserver.serverOffsetMs(),
    });
    this.#discovery = new RelayDiscovery({
      rtc: homeserver.rtc,
      pinned: () => this.#members.pinned(),
      joined: () => this.#members.joined(),
      configured,
      timers,
    });
    this.#tickets = new TicketDesk({ homeserver, timers });
    this.#peers = new PeerMail({ homeserver, session, members: this.#members.members });
    this.#publication = new MemberPublication({
      ...{ homeserver, room: session.room, timers, fraction },
      stated: () => session.state(MEMBER_STATE_EVENT),
      servers: () => new Set([...this.#members.joined()].map((user) => serverOf(user) ?? user)),
      speaks: (member) => this.#speaks(member),
    });
    this.#stops = [
      this.#members.members.subscribe(() => {
        this.#publish();
        this.#publication.review();
      }),
      session.on('standing', () => {
        this.#publish();
        this.#publication.review();
      }),
    ];
    this.#publish();
    void this.#readSticky();
  }

  /**
   * The relays that current members publish, each once, at most three, in an order that is everyone's: those that the world
   * names, then by address. One counts if its user is in the room and stands for something there: the world names it, this
   * client could choose it itself, or its user is a builder; else any visitor could make all the others connect to an
   * address of theirs.
   */
  get published(): Readable<readonly RelayTransport[]> {
    return this.#published;
  }

  /** The candidates that are known without asking. */
  get known(): Readable<readonly RelayTransport[]> {
    return this.#known;
  }

  /** Messages to and from the members that have no relay. */
  get peers(): PeerMail {
    return this.#peers;
  }

  /** Whether a current member of that user publishes this relay. */
  sendsTo(user: UserId, transport: RelayTransport): boolean {
    const name = nameOf(transport);
    return this.#members.members.value.some(
      (member) => member.user === user && member.transports.some((relay) => nameOf(relay) === name),
    );
  }

  /** @throws HomeserverError where the homeserver could not be asked, and none is known otherwise */
  async candidates(signal: AbortSignal): Promise<readonly RelayTransport[]> {
    if (this.#options.relays === false) return [];
    const found = await this.#discovery.candidates({ signal });
    this.#publish();
    return found;
  }

  /** @throws TicketRefused where the relay says no, and HomeserverError as of `TicketDesk.ask` */
  requestTicket(
    { user_id: relay }: RelayTransport,
    request: LaneTicketRequest,
    signal: AbortSignal,
  ): Promise<{ readonly ticket: string; readonly expiresMs: number; readonly url: string }> {
    const { room } = this.#options.session;
    return this.#tickets.ask(relay, { room, purpose: 'lane', ...request }, signal);
  }

  /**
   * Asks for a ticket of a relay's services. @param nonce 16 random bytes or more in base64url
   * @throws TicketRefused where the relay says no, and HomeserverError as of `TicketDesk.ask`
   */
  requestServiceTicket(
    { user_id: relay }: RelayTransport,
    nonce: string,
    signal: AbortSignal,
  ): Promise<{ readonly ticket: string; readonly expiresMs: number; readonly url: string }> {
    const { room } = this.#options.session;
    return this.#tickets.ask(relay, { room, purpose: 'service', memberId: nonce, nonce, key: null }, signal);
  }

  /** @throws HomeserverError where the first attempt failed; it is tried again by itself */
  announce(member: LaneAnnouncement | null): Promise<void> {
    if (member === null) return this.#publication.announce(null);
    const { memberId, key, transport } = member;
    const device = this.#options.homeserver.deviceId;
    const transports = transport === null ? [] : [transport];
    return this.#publication.announce({ memberId, key, device, transports, peer: transport === null });
  }

  /** Nothing runs afterwards. Say first that this client leaves. */
  stop(): void {
    for (const stop of this.#stops) stop();
    this.#peers.stop();
    this.#members.stop();
    this.#publication.stop();
  }

  #publish(): void {
    if (this.#options.relays === false) return;
    const pinned = this.#members.pinned().map(nameOf);
    this.#known.set(this.#discovery.known());
    const own = new Set(this.#known.value.map(nameOf));
    const levels = this.#levels();
    const counts = (relay: RelayTransport): boolean => {
      const level = levels.get(relay.user_id);
      if (level === undefined) return false;
      const name = nameOf(relay);
      return level >= ROLE_LEVEL.builder || pinned.includes(name) || own.has(name);
    };
    const place = (relay: RelayTransport): number => {
      const at = pinned.indexOf(nameOf(relay));
      return at < 0 ? pinned.length : at;
    };
    const ordered = this.#members.members.value
      .flatMap(({ transports }) => transports)
      .filter(counts)
      .sort((a, b) => place(a) - place(b) || (nameOf(a) < nameOf(b) ? -1 : 1));
    const byUrl = new Map(ordered.toReversed().map((relay) => [relay.url, relay]));
    const published = ordered.filter((relay) => byUrl.get(relay.url) === relay);
    this.#published.set(published.slice(0, MAX_PUBLISHED_RELAYS));
  }

  // One of those on a relay is enough for others to find it; of peers each is found by its own announcement.
  #speaks({ memberId, transports: [own] }: LaneMember): boolean {
    if (own === undefined) return true;
    const name = nameOf(own);
    const first = this.#members.members.value.find(({ transports }) =>
      transports.some((relay) => nameOf(relay) === name),
    );
    return first?.memberId === memberId && first?.user === this.#options.homeserver.userId;
  }

  #levels(): ReadonlyMap<UserId, number> {
    const { members } = this.#options.session.standing;
    return new Map(
      members.filter(({ membership }) => membership === 'join').map(({ user, level }) => [user, level]),
    );
  }

  // What was told before this began to listen.
  async #readSticky(): Promise<void> {
    const { homeserver, session, failed } = this.#options;
    try {
      this.#members.take({ sticky: await homeserver.rtc.readSticky(session.room), redactions: [] });
    } catch (error) {
      failed(error);
    }
  }
}

// An address alone names no relay: a member may claim that it is another user's.
function nameOf({ url, user_id: user }: RelayTransport): string {
  return `${url} ${user}`;
}
