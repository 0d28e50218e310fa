import {
  entriesOf,
  type ObjectRegisters,
  type Patch,
  patchOf,
  type RandomBytes,
  type Replica,
  type Stop,
  type Timers,
  type UserId,
  unreachable,
} from '@weft/core';
import {
  MAX_PEER_DEVICES,
  type PeerBody,
  type PeerMessage,
  type PeerProblem,
  peerContent,
  readPeerMessage,
  readWirePatch,
  type WirePatch,
} from '@weft/protocol';
import type { LanePerson } from '../channel.ts';
import type { LaneReplica } from '../lane-replica.ts';
import { PEER_BEAT_MS, type Peer } from './peer.ts';
import { PeerBook } from './peer-book.ts';
import { canBring, PeerIntake } from './peer-intake.ts';
import type { PeerLetter, PeerMail } from './peer-mail.ts';
import { PeerPost } from './peer-post.ts';
import { PEER_TABLE, type PeerHappening, type PeerState } from './peer-table.ts';
import { Sayings } from './sayings.ts';

/** How long what a peer said is kept after it left, or after a relay came that does not say it: its author may say it again. */
export const PEER_DOUBT_MS = 10_000;
/** How often it is looked who is silent. */
const LOOK_MS = PEER_BEAT_MS / 2;

export interface PeerLaneOptions {
  /** The id of the room. */
  readonly room: string;
  readonly memberId: string;
  readonly user: UserId;
  readonly mode: 'play' | 'read';
  readonly mail: PeerMail;
  readonly replica: Replica;
  readonly lane: Pick<LaneReplica, 'overhear' | 'retractLive' | 'own'>;
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** The corrected clock. */
  readonly now: () => number;
  readonly listener: PeerLaneListener;
}

/** What a lane among peers tells. Nothing here may throw. */
export interface PeerLaneListener {
  /** Its state, or who is there, is another. */
  changed(): void;
  /** The room is to be told that this client takes edits from device to device; `announced` is called once it holds that. */
  announce(): void;
  /** A peer did not take in something that this client wrote. */
  refused(by: UserId, problems: readonly PeerProblem[]): void;
}

/** Edits from device to device, while there is no relay. The table decides when, this carries it out. */
export class PeerLane {
  readonly #options: PeerLaneOptions;
  readonly #intake: PeerIntake;
  readonly #post: PeerPost;
  readonly #book: PeerBook;
  readonly #sayings = new Sayings();
  #state: PeerState = 'idle';
  /** What this user might do when it was looked at last. */
  #level = Number.POSITIVE_INFINITY;
  #stops: readonly Stop[] = [];
  #stopLook: Stop | null = null;
  #stopSweep: Stop | null = null;

  constructor(options: PeerLaneOptions) {
    const { mail, timers, random, replica } = options;
    this.#options = options;
    this.#book = new PeerBook(replica.clock.actor);
    this.#intake = new PeerIntake({ ...options, access: (user) => mail.access(user) });
    this.#post = new PeerPost({
      ...{ mail, timers, random },
      collect: () => this.#collect(),
      lost: (letters) => this.#lost(letters),
    });
  }

  get state(): PeerState {
    return this.#state;
  }

  /** How many devices are told what this client writes. */
  get here(): number {
    return this.#book.here().length;
  }

  /** Who of them said who they are. */
  get people(): readonly LanePerson[] {
    return this.#book.people((user) => this.#options.mail.access(user));
  }

  start(): void {
    this.#happen('start');
  }

  /** There is no relay, or none could be reached for a while. */
  unrelayed(): void {
    this.#happen('unrelayed');
  }

  /** A relay is live. */
  relayed(): void {
    this.#happen('relayed');
  }

  /** The room holds that this client takes edits from device to device. */
  announced(): void {
    this.#happen('announced');
  }

  /** An own edit, which the replica shows already. */
  send(patch: Patch): void {
    if (!this.#speaks) return;
    this.#sayings.add(this.#sayable(patch));
    this.#post.pump();
  }

  /** Own registers that the room refused: peers drop them. */
  retract(registers: ObjectRegisters): void {
    this.#sayings.retract(registers, this.#speaks ? this.#book.here() : []);
    this.#post.pump();
  }

  /** Leaves. Nothing runs afterwards. */
  async close(): Promise<void> {
    const letters = this.#farewells();
    this.#happen('stop');
    await this.#post.farewell(letters);
  }

  get #speaks(): boolean {
    return this.#state === 'live' && this.#options.mode === 'play';
  }

  #happen(happening: PeerHappening): void {
    const outcome = PEER_TABLE[this.#state][happening];
    if (outcome === 'ignore') return;
    const before = this.#state;
    const letters = happening === 'relayed' ? this.#farewells() : [];
    this.#state = outcome.to;
    this.#enter(outcome.to, before);
    void this.#post.farewell(letters);
    this.#options.listener.changed();
  }

  #enter(state: PeerState, before: PeerState): void {
    switch (state) {
      case 'idle':
        return;
      case 'resting':
        this.#leave();
        if (before !== 'idle' && before !== 'off') this.#sweepLater();
        return;
      case 'announcing':
        this.#attend();
        this.#options.listener.announce();
        return;
      case 'alone':
      case 'live':
      case 'crowded':
        this.#meet();
        return;
      case 'off':
        this.#leave();
        this.#stopSweep?.();
        return;
      default:
        unreachable(state);
    }
  }

  /** Listens from now on; what is said before others know of this client is said again when they do. */
  #attend(): void {
    const { mail } = this.#options;
    this.#stops = [
      mail.devices.subscribe(() => this.#meet()),
      mail.on((sender, content) => this.#receive(sender, content)),
      mail.onStanding(() => this.#review()),
    ];
    this.#syncPeers();
  }

  /** Who may do less is held to it; who may do more is heard again, and says again what could not be said before. */
  #review(): void {
    const { mail, timers, user } = this.#options;
    const levelOf = (each: UserId): number => mail.access(each)?.level ?? Number.NEGATIVE_INFINITY;
    const own = levelOf(user);
    this.#intake.review();
    for (const peer of this.#book.here()) {
      peer.ranks(levelOf(peer.device.user));
      peer.ask(timers.now());
      if (own > this.#level) peer.outgoing.tellAll();
    }
    this.#level = own;
    this.#post.pump();
  }

  #leave(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#stopLook?.();
    this.#stopLook = null;
    this.#post.close();
    this.#book.clear();
    this.#sayings.clear();
  }

  /** Who says in the room that they are there decides what this client does. */
  #meet(): void {
    const { length } = this.#options.mail.devices.value;
    this.#syncPeers();
    if (this.#state !== 'announcing') {
      const happening = length === 0 ? 'deserted' : length < MAX_PEER_DEVICES ? 'company' : 'crowd';
      if (PEER_TABLE[this.#state][happening] !== 'ignore') {
        this.#happen(happening);
        return;
      }
    }
    this.#listen();
    this.#options.listener.changed();
  }

  #listen(): void {
    if (this.#state !== 'live') {
      this.#post.close();
      this.#sayings.clear();
      return;
    }
    for (const peer of this.#book.here()) if (peer.isNew) peer.greet();
    this.#stopLook ??= this.#lookLater();
    this.#post.open();
  }

  #syncPeers(): void {
    const { mail, timers } = this.#options;
    if (this.#book.sync(mail.devices.value, timers.now())) this.#sweepLater();
  }

  #receive(sender: UserId, content: unknown): void {
    const { mail, room, timers } = this.#options;
    const peer = this.#book.senderOf(sender, content, room);
    const access = mail.access(sender);
    if (peer === null || access === null || !peer.takes(timers.now())) return;
    const message = readPeerMessage(content);
    if (message === null) return;
    const order = peer.count(message.memberId, message.n);
    const isEdit = message.kind === 'patch' || message.kind === 'retract';
    // A patch is a join: it may come late. Anything else was true when it was said.
    if (order === 'late' && !isEdit) return;
    if (order !== 'late') peer.heard(timers.now());
    if (order === 'gap') peer.missed();
    this.#hear(peer, message);
    if (peer.isHere) peer.ask(timers.now());
    if (this.#state === 'live' && peer.isNew && peer.isHere) peer.greet();
    this.#post.pump();
    this.#options.listener.changed();
  }

  #hear(peer: Peer, message: PeerMessage): void {
    const { user } = peer.device;
    switch (message.kind) {
      case 'hello':
      case 'here':
        if (this.#intake.introduce(message.actor, user)) peer.introduced(message.actor);
        if (message.kind === 'hello') peer.outgoing.answer(message.n);
        else if (message.of !== null) peer.answered(message.of);
        return;
      case 'patch':
        this.#take(peer, message.n, message.patch);
        return;
      case 'retract': {
        const patch = readWirePatch(message.patch);
        if (patch !== null) this.#intake.takeBack(patch, user);
        return;
      }
      case 'refused':
        this.#options.listener.refused(user, message.problems);
        return;
      case 'bye':
        peer.leave();
        this.#sweepLater();
        return;
      default:
        unreachable(message);
    }
  }

  #take(peer: Peer, n: number, wire: WirePatch): void {
    const access = this.#options.mail.access(peer.device.user);
    const patch = readWirePatch(wire);
    if (patch === null || access === null) return;
    const problems = this.#intake.take(patch, access);
    for (const { register } of entriesOf(patch)) peer.said(register.stamp.actor);
    if (problems.length > 0) peer.outgoing.refuse(n, problems);
  }

  #collect(): readonly PeerLetter[] {
    const { timers, mode, lane } = this.#options;
    const own = (): Patch => (mode === 'read' ? patchOf({}) : this.#sayable(lane.own()));
    this.#sayings.handOut(this.#book.here(), own);
    return [...this.#book.all()].flatMap((peer) => {
      const body = peer.outgoing.next();
      if (body === null) return [];
      peer.sent(body, timers.now());
      return [this.#letter(peer, body)];
    });
  }

  #letter({ device: { user, device } }: Peer, body: PeerBody & { readonly n: number }): PeerLetter {
    const { room, memberId } = this.#options;
    return { user, device, content: peerContent({ ...body, room, memberId }) };
  }

  /** Without what nobody brings to the room: peers would not take it. */
  #sayable(patch: Patch): Patch {
    const { mail, user } = this.#options;
    const access = mail.access(user);
    if (access === null) return patchOf({});
    const objects = new Map([...patch.objects].filter(([id]) => canBring(access, id)));
    return objects.size === patch.objects.size ? patch : { objects, actors: patch.actors };
  }

  #lost(letters: readonly PeerLetter[]): void {
    for (const letter of letters) {
      const peer = this.#book.at(letter);
      if (peer?.isHere === true) peer.greet();
    }
  }

  #lookLater(): Stop {
    return this.#options.timers.after(LOOK_MS, () => {
      this.#stopLook = this.#lookLater();
      this.#look();
    });
  }

  #look(): void {
    const nowMs = this.#options.timers.now();
    const isAnyGone = Array.from(this.#book.all(), (peer) => peer.beat(nowMs)).includes(true);
    if (isAnyGone) {
      this.#sweepLater();
      this.#options.listener.changed();
    }
    this.#post.pump();
  }

  #sweepLater(): void {
    this.#stopSweep?.();
    this.#stopSweep = this.#options.timers.after(PEER_DOUBT_MS, () => {
      this.#stopSweep = null;
      const here = this.#book.here();
      this.#intake.sweep((actor) => here.some((peer) => peer.standsFor(actor)));
    });
  }

  #farewells(): readonly PeerLetter[] {
    if (this.#state !== 'live') return [];
    return this.#book.here().map((peer) => this.#letter(peer, { kind: 'bye', n: peer.outgoing.number() }));
  }
}
