import {
  type ActorId,
  Cell,
  Emitter,
  layersOf,
  normaliseValue,
  type ObjectId,
  type ObjectRegisters,
  type Patch,
  type Readable,
  type Stop,
  sameFields,
  toBase64Url,
  unreachable,
  type Value,
} from '@weft/core';
import type { UpFrame, Welcome } from '@weft/protocol';
import type {
  Channel,
  ChannelEvents,
  ChannelOptions,
  DocumentPort,
  LaneDigest,
  LanePerson,
  Lease,
  MotionPort,
  OpenChannel,
  PresencePort,
} from '../channel.ts';
import { Hearsay } from '../graph/hearsay.ts';
import { Retractions } from '../graph/retractions.ts';
import { Sources } from '../graph/sources.ts';
import { Unsaid } from '../graph/unsaid.ts';
import type { Heard } from '../lane/catch-up.ts';
import type { Lane } from '../lane/lane.ts';
import { registersOf } from '../lane/patches.ts';
import type { LaneStatus } from '../lane-status.ts';
import { ChannelMotion } from '../motion/channel-motion.ts';
import type { Announcement } from '../signalling.ts';
import { Announcer } from './announcer.ts';
import { checkDocumentStep, checkEventName } from './check-sent.ts';
import { describe } from './describe.ts';
import { Digests } from './digests.ts';
import { lanePortsOf } from './lane-ports-of.ts';
import { LaneSet, type OtherFrame } from './lane-set.ts';
import { Leases } from './leases.ts';
import { PeerSide } from './peer-side.ts';
import { People } from './people.ts';
import { Presence } from './presence.ts';

const MEMBER_ID_BYTES = 16;

/** Opens the lane of a world; it begins to look for a relay at once. */
export const openChannel: OpenChannel = (options) => {
  const channel = new LaneChannel(options);
  channel.start();
  return channel;
};

interface InnerEvents extends ChannelEvents {
  readonly document: Parameters<Parameters<DocumentPort['on']>[0]>[0];
  readonly live: null;
}

class LaneChannel implements Channel {
  readonly people: Readable<readonly LanePerson[]>;
  readonly presence: PresencePort;
  readonly documents: DocumentPort;
  readonly motion: MotionPort;
  readonly #options: ChannelOptions;
  readonly #memberId: string;
  readonly #events: Emitter<InnerEvents>;
  readonly #set: LaneSet;
  readonly #people = new People();
  readonly #presence: Presence;
  readonly #motion: ChannelMotion;
  readonly #leases: Leases;
  readonly #retractions: Retractions;
  readonly #sources: Sources;
  readonly #hearsay: Hearsay;
  readonly #unsaid: Unsaid;
  readonly #announcer: Announcer;
  readonly #peers: PeerSide;
  readonly #status: Cell<LaneStatus>;
  readonly #digests: Digests;
  #isClosed = false;

  constructor(options: ChannelOptions) {
    const { replica, timers, random, signalling, failed = () => undefined } = options;
    this.#options = options;
    this.#memberId = toBase64Url(random(MEMBER_ID_BYTES));
    this.#events = new Emitter<InnerEvents>({ failed });
    this.#digests = new Digests(timers);
    this.#retractions = new Retractions((frame) => this.#send(frame));
    this.#announcer = new Announcer({
      ...{ signalling, timers, random, failed },
      told: ({ transport }) => {
        if (transport === null) this.#peers.announced();
      },
    });
    this.#peers = new PeerSide({
      ...{ channel: options, memberId: this.#memberId, failed },
      announce: () => this.#announce(null),
      changed: () => this.#peersChanged(),
    });
    this.#hearsay = new Hearsay({
      timers,
      dropped: (entries, lanes) => {
        for (const layer of layersOf(this.#sources.unsaidBy(lanes, entries))) replica.retractLive(layer);
        const own = this.#set.own?.transport.url;
        this.#set.resync(own === undefined ? lanes : new Set([...lanes, own]));
      },
    });
    this.#sources = new Sources({
      timers,
      live: () => replica.live(),
      isSelf: (actor) => actor === replica.actor || replica.former.includes(actor),
      isOwn: (relay) => relay === this.#set.own?.transport.url,
      isAuthors: (relay, actor) => this.#isAuthors(relay, actor),
      takeBack: (relay, patch) => this.#takeBack(relay, patch),
    });
    this.#unsaid = new Unsaid({
      timers,
      live: () => replica.live(),
      ask: (lanes) => this.#set.resync(lanes),
      drop: (registers) => replica.retractLive(registers),
    });
    this.motion = this.#motion = new ChannelMotion({
      timers,
      send: (frame) => this.#send(frame),
      backlogBytes: () => this.#set.own?.queuedBytes ?? 0,
      own: () => this.#set.own?.transport.url ?? null,
      offsetMs: (relay) => this.#set.laneOf(relay)?.clock.offsetMs ?? null,
      person: (relay, session) => this.#people.of(relay, session),
    });
    this.#leases = new Leases({
      timers,
      send: (make) => this.#set.own?.sendNumbered(make) ?? false,
      localMs: (relayMs) => relayMs - (this.clockOffsetMs() ?? 0),
      person: (session) => this.#ownPerson(session),
      isSelf: (session) => session === this.#set.own?.welcome?.session,
      changed: (change) => this.#events.emit('lease', change),
    });
    this.#set = new LaneSet({
      ports: lanePortsOf(options, this.#memberId),
      signalling,
      replica,
      listener: this.#listener(),
    });
    this.people = this.#people.list;
    this.presence = this.#presence = new Presence({ timers, send: (frame) => this.#send(frame), failed });
    this.documents = {
      send: (object, bytes) => this.#sendDocument(object, bytes),
      on: (listener) => this.#events.on('document', listener),
      onLive: (listener) => this.#events.on('live', () => listener()),
    };
    this.#status = new Cell(this.#describe(), sameFields);
  }

  get status(): Readable<LaneStatus> {
    return this.#status;
  }

  start(): void {
    this.#peers.start();
    this.#set.start();
  }

  clockOffsetMs(): number | null {
    const lanes = this.#set.own === null ? this.#set.lanes : [this.#set.own];
    for (const { clock } of lanes) if (clock.offsetMs !== null) return clock.offsetMs;
    return null;
  }

  digest(): Promise<LaneDigest | null> {
    return this.#digests.ask(() => this.#send({ type: 'digest-up' }));
  }

  send(patch: Patch): void {
    this.#set.outbox?.add(patch);
    this.#peers.send(patch);
  }

  renew(): void {
    this.#set.renew();
  }

  retract(registers: ObjectRegisters): void {
    this.#retractions.add(registers);
    // What these had replaced may be pending again, and counts for the relay once these do not.
    this.#set.outbox?.renew();
    this.#peers.retract(registers);
  }

  emit(name: string, data: Value, options: { target?: ObjectId | null; to?: number } = {}): boolean {
    checkEventName(name);
    const { target = null, to = null } = options;
    return this.#send({
      type: 'event-up',
      target,
      name,
      data: normaliseValue(data, `send the event ${name}`),
      to,
    });
  }

  take(object: ObjectId, { priority = 0 }: { priority?: number } = {}): Promise<Lease | null> {
    return this.#leases.take(object, priority);
  }

  release(object: ObjectId): void {
    this.#leases.release(object);
  }

  holderOf(object: ObjectId): LanePerson | null {
    return this.#leases.holderOf(object);
  }

  handOver(object: ObjectId, to: number): Promise<boolean> {
    return this.#leases.handOver(object, to);
  }

  wake(): void {
    this.#set.wake();
  }

  on<Name extends keyof ChannelEvents>(event: Name, listener: (value: ChannelEvents[Name]) => void): Stop {
    return this.#events.on(event, listener);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#set.close();
    this.#hearsay.close();
    this.#sources.close();
    this.#unsaid.close();
    this.#presence.close();
    this.#motion.close();
    this.#digests.answer(null);
    this.#status.set(this.#describe());
    this.#events.clear();
    await Promise.all([this.#announcer.close(), this.#peers.close()]);
  }

  #listener() {
    return {
      changed: () => this.#changed(),
      welcomed: (relay: string, welcome: Welcome) => {
        this.#people.welcomed(relay, welcome.people);
        this.#motion.welcomed(relay, welcome);
        this.#hearsay.welcomed(relay, welcome.run, welcome.resumed);
        this.#unsaid.welcomed(relay, welcome.kind);
      },
      heard: (relay: string, heard: Heard) => this.#hear(relay, heard),
      caughtUp: (relay: string) => this.#unsaid.caughtUp(relay),
      committed: (relay: string, seq: number) => this.#hearsay.committed(relay, seq),
      said: (relay: string, frame: OtherFrame) => this.#said(relay, frame),
      lost: (relay: string) => this.#lost(relay),
      gone: (relay: string) => this.#sources.gone(relay),
      own: (lane: Lane | null) => this.#moved(lane),
    };
  }

  #hear(relay: string, heard: Heard): void {
    const { replica } = this.#options;
    if (heard.type === 'retract') {
      this.#takeBack(relay, this.#sources.believed(relay, heard.patch));
      return;
    }
    this.#sources.said(relay, heard);
    // It shows before anything else is made of it.
    replica.hear(heard.patch);
    this.#hearsay.heard(relay, heard);
    this.#unsaid.heard(relay, heard);
    this.#retractions.said(heard.patch);
  }

  #takeBack(relay: string, patch: Patch): void {
    if (patch.objects.size === 0) return;
    this.#options.replica.takeBack(registersOf(patch));
    if (relay === this.#set.own?.transport.url) this.#retractions.heard(patch);
  }

  #isAuthors(relay: string, actor: ActorId): boolean {
    const { replica, signalling } = this.#options;
    const [user, ...others] = replica.usersOf(actor);
    const lane = this.#set.lanes.find(({ transport }) => transport.url === relay);
    if (user === undefined || others.length > 0 || lane === undefined) return false;
    return signalling.sendsTo(user, lane.transport);
  }

  #said(relay: string, frame: OtherFrame): void {
    const isOwn = relay === this.#set.own?.transport.url;
    switch (frame.type) {
      case 'event-down': {
        const { from, user, target, name, data } = frame;
        this.#events.emit('event', { from: this.#people.of(relay, from), user, target, name, data });
        break;
      }
      case 'lease-down':
        if (isOwn) this.#leases.told(frame);
        break;
      case 'lease-answer':
        if (isOwn) this.#leases.answered(frame);
        break;
      case 'document-down':
        this.#events.emit('document', { object: frame.object, session: frame.session, bytes: frame.bytes });
        break;
      case 'presence-down': {
        const person = this.#people.of(relay, frame.session);
        if (person !== null) this.#presence.told(person, frame.state);
        break;
      }
      case 'people':
        for (const person of this.#people.changed(relay, frame)) this.#presence.told(person, null);
        this.#motion.peopleChanged();
        break;
      case 'role':
        if (isOwn) this.#events.emit('level', frame.level);
        break;
      case 'digest':
        if (isOwn) this.#digests.answer(frame);
        break;
      case 'movers':
        this.#motion.announced(relay, frame);
        break;
      case 'poses':
        this.#motion.heard(relay, frame);
        break;
      case 'pose-rate':
        this.#motion.rated(relay, frame.perSecond);
        break;
      default:
        unreachable(frame);
    }
  }

  #lost(relay: string): void {
    this.#hearsay.lost(relay);
    this.#unsaid.lost(relay);
    this.#motion.lost(relay);
    for (const person of this.#people.lost(relay)) this.#presence.told(person, null);
  }

  #moved(lane: Lane | null): void {
    this.#leases.lost();
    this.#digests.answer(null);
    this.#people.setOwn(lane?.transport.url ?? null);
    this.#motion.moved(lane?.transport.url ?? null);
    if (lane === null) return;
    this.#announce(lane.transport);
    this.#retractions.again();
    this.#presence.again();
    if (lane.welcome !== null) this.#events.emit('level', lane.welcome.level);
    this.#events.emit('live', null);
  }

  #announce(transport: Announcement['transport']): void {
    const key = toBase64Url(this.#options.key.publicKey);
    this.#announcer.announce({ memberId: this.#memberId, key, transport });
  }

  #changed(): void {
    if (!this.#isClosed) this.#peers.relays(this.#set.sight);
    this.#status.set(this.#describe());
  }

  #peersChanged(): void {
    this.#people.setPeers(this.#peers.people);
    this.#status.set(this.#describe());
  }

  #ownPerson(session: number): LanePerson | null {
    const relay = this.#set.own?.transport.url;
    return relay === undefined ? null : this.#people.of(relay, session);
  }

  #sendDocument(object: ObjectId, bytes: Uint8Array): boolean {
    checkDocumentStep(object, bytes);
    return this.#send({ type: 'document-up', object, bytes });
  }

  #send(frame: UpFrame): boolean {
    return this.#set.own?.send(frame) ?? false;
  }

  #describe(): LaneStatus {
    const { own, lanes, discovery } = this.#set;
    const { status: peers } = this.#peers;
    return Object.freeze(describe({ own, lanes, discovery, peers, isClosed: this.#isClosed }));
  }
}
