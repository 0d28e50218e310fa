import type { Stop } from '@weft/core';
import type { Position, RelayTransport, Welcome } from '@weft/protocol';
import type { Heard } from '../lane/catch-up.ts';
import { Lane } from '../lane/lane.ts';
import type { LaneFrame, LanePorts } from '../lane/lane-ports.ts';
import { Outbox } from '../lane/outbox.ts';
import type { LaneReplica } from '../lane-replica.ts';
import { Discovery } from '../negotiation/discovery.ts';
import type { RelaySight } from '../peer/relay-watch.ts';
import type { Signalling } from '../signalling.ts';
import { chooseLanes, type LaneView } from './choose-lanes.ts';

/** How long a lane that is not needed any more stays, so that it is there if it is needed again. */
export const LINGER_MS = 3_000;

/** What a relay says beside the graph and the lane itself. */
export type OtherFrame = Exclude<LaneFrame, { type: 'ack' | 'reject' | 'draining' }>;

/** What all lanes together tell; `relay` is the address of one. */
export interface LaneSetListener {
  /** Anything of any lane that a status shows is another. */
  changed(): void;
  welcomed(relay: string, welcome: Welcome, before: Position | null): void;
  heard(relay: string, heard: Heard): void;
  /** All that was missed was heard. */
  caughtUp(relay: string): void;
  committed(relay: string, seq: number): void;
  said(relay: string, frame: OtherFrame): void;
  /** A lane that was welcomed is no more. */
  lost(relay: string): void;
  /** The relay is none of this world's any more, or nobody needs it. */
  gone(relay: string): void;
  /** This client sends to this lane from now on, or to none. */
  own(lane: Lane | null): void;
}

export interface LaneSetOptions {
  readonly ports: LanePorts;
  readonly signalling: Pick<Signalling, 'candidates' | 'known' | 'published'>;
  readonly replica: LaneReplica;
  readonly listener: LaneSetListener;
}

interface Berth {
  readonly lane: Lane;
  readonly outbox: Outbox;
  isWelcomed: boolean;
  isDraining: boolean;
  unwantedSinceMs: number | null;
}

/** The lanes of a channel: which there are, and which is its own. Events only mark; `#evaluate` decides all of it. */
export class LaneSet {
  readonly #options: LaneSetOptions;
  readonly #discovery: Discovery;
  readonly #berths = new Map<string, Berth>();
  #own: string | null = null;
  #lastOwn: string | null = null;
  #stops: readonly Stop[] = [];
  #stopReview: Stop | null = null;
  #isEvaluating = false;
  #isMarked = false;
  #isOpen = false;

  constructor(options: LaneSetOptions) {
    const { ports, signalling } = options;
    this.#options = options;
    const { timers, random } = ports;
    this.#discovery = new Discovery({ signalling, timers, random, changed: () => this.#discovered() });
  }

  get discovery(): Pick<Discovery, 'state' | 'reason' | 'retryAtMs' | 'candidates'> {
    return this.#discovery;
  }

  /** The lane that this client sends to; `null` while none is live. */
  get own(): Lane | null {
    return this.#berthOf(this.#own)?.lane ?? null;
  }

  /** How it is with relays. While a homeserver says nothing of them it brings no messages either. */
  get sight(): RelaySight {
    if (this.own !== null) return 'live';
    if (this.#discovery.reason !== '') return 'unknown';
    return this.#discovery.state === 'waiting' && this.#berths.size === 0 ? 'none' : 'away';
  }

  get lanes(): readonly Lane[] {
    return Array.from(this.#berths.values(), ({ lane }) => lane);
  }

  laneOf(relay: string): Lane | null {
    return this.#berthOf(relay)?.lane ?? null;
  }

  get outbox(): Outbox | null {
    return this.#berthOf(this.#own)?.outbox ?? null;
  }

  start(): void {
    this.#isOpen = true;
    const { published, known } = this.#options.signalling;
    // A relay that was asked into the world comes in a little later.
    this.#stops = [published.subscribe(() => this.#mark()), known.subscribe(() => this.#discovery.wake())];
    this.#discovery.start();
    this.#mark();
  }

  /** Ends every wait. */
  wake(): void {
    this.#discovery.wake();
    for (const { lane } of [...this.#berths.values()]) lane.wake();
  }

  /** What these relays say is asked for anew. */
  resync(relays: ReadonlySet<string>): void {
    for (const [relay, { lane }] of [...this.#berths]) if (relays.has(relay)) lane.resync();
  }

  /** Own edits came up: a relay takes those of an earlier run from whoever named it in their hello. */
  renew(): void {
    for (const { lane, outbox } of [...this.#berths.values()]) if (!lane.greetAnew()) outbox.renew();
  }

  close(): void {
    this.#isOpen = false;
    for (const stop of this.#stops) stop();
    this.#stopReview?.();
    this.#discovery.stop();
    for (const relay of [...this.#berths.keys()]) this.#remove(relay);
    this.#setOwn(null);
  }

  #discovered(): void {
    // Whoever was let in again since is let in; the others are told no once more.
    if (this.#discovery.state === 'known')
      for (const { lane } of [...this.#berths.values()]) if (lane.last === 'forbidden') lane.wake();
    this.#mark();
  }

  #berthOf(relay: string | null): Berth | undefined {
    return relay === null ? undefined : this.#berths.get(relay);
  }

  #mark(): void {
    this.#isMarked = true;
    if (this.#isEvaluating) return;
    this.#isEvaluating = true;
    while (this.#isMarked && this.#isOpen) {
      this.#isMarked = false;
      this.#evaluate();
    }
    this.#isEvaluating = false;
    this.#options.listener.changed();
  }

  #evaluate(): void {
    const { timers } = this.#options.ports;
    const nowMs = timers.now();
    const transports = this.#order();
    const { own, wanted, reviewAtMs } = chooseLanes({
      order: [...transports.keys()],
      published: new Set(this.#options.signalling.published.value.map(({ url }) => url)),
      lanes: new Map(Array.from(this.#berths, ([relay, berth]) => [relay, viewOf(berth)])),
      own: this.#own,
      nowMs,
    });
    let reviewMs = reviewAtMs === null ? null : reviewAtMs - nowMs;
    for (const relay of wanted) {
      const transport = transports.get(relay);
      if (transport !== undefined) this.#berth(transport).unwantedSinceMs = null;
    }
    this.#setOwn(own);
    for (const [relay, berth] of [...this.#berths]) {
      if (wanted.includes(relay)) continue;
      const isKnown = transports.has(relay);
      // What was given up is remembered, so that it is not begun again at once.
      if (berth.lane.state === 'off' && isKnown) continue;
      berth.unwantedSinceMs ??= nowMs;
      const lingerMs = isKnown ? Math.max(0, berth.unwantedSinceMs + LINGER_MS - nowMs) : 0;
      if (lingerMs === 0) this.#remove(relay);
      else reviewMs = Math.min(reviewMs ?? lingerMs, lingerMs);
    }
    this.#stopReview?.();
    this.#stopReview = reviewMs === null ? null : timers.after(reviewMs, () => this.#mark());
  }

  /** Those that the world and the homeserver name, then those of other members by their users. */
  #order(): ReadonlyMap<string, RelayTransport> {
    const published = [...this.#options.signalling.published.value].sort((a, b) =>
      a.user_id < b.user_id ? -1 : Number(a.user_id > b.user_id),
    );
    const order = new Map<string, RelayTransport>();
    for (const relay of [...this.#discovery.candidates, ...published])
      if (!order.has(relay.url)) order.set(relay.url, relay);
    return order;
  }

  #berth(transport: RelayTransport): Berth {
    const known = this.#berths.get(transport.url);
    if (known !== undefined) return known;
    const relay = transport.url;
    const { ports, replica, listener } = this.#options;
    const lane: Lane = new Lane(
      transport,
      ports,
      {
        changed: () => this.#laneChanged(relay),
        welcomed: (welcome, before) => this.#welcomed(relay, welcome, before),
        heard: (heard) => listener.heard(relay, heard),
        caughtUp: () => listener.caughtUp(relay),
        committed: (seq) => listener.committed(relay, seq),
        said: (frame) => this.#said(relay, frame),
      },
      () => outbox.inFlight,
    );
    const outbox = new Outbox({ replica, timers: ports.timers, send: (make) => lane.sendNumbered(make) });
    const berth: Berth = { lane, outbox, isWelcomed: false, isDraining: false, unwantedSinceMs: null };
    this.#berths.set(relay, berth);
    lane.start();
    return berth;
  }

  #laneChanged(relay: string): void {
    const berth = this.#berths.get(relay);
    if (berth === undefined) return;
    const { state } = berth.lane;
    if (state === 'waiting' || state === 'off') this.#lost(relay, berth);
    this.#mark();
  }

  #lost(relay: string, berth: Berth): void {
    berth.outbox.lost();
    berth.isDraining = false;
    if (!berth.isWelcomed) return;
    berth.isWelcomed = false;
    this.#options.listener.lost(relay);
  }

  #welcomed(relay: string, welcome: Welcome, before: Position | null): void {
    const berth = this.#berths.get(relay);
    if (berth === undefined) return;
    berth.isWelcomed = true;
    const isOther = before !== null && before.run !== welcome.run;
    // Its journal knows nothing of what it once kept.
    if (relay === this.#lastOwn && isOther && welcome.resumed === null) this.#options.replica.forgetHeld();
    this.#options.listener.welcomed(relay, welcome, before);
  }

  #said(relay: string, frame: LaneFrame): void {
    const berth = this.#berths.get(relay);
    if (berth === undefined) return;
    if (frame.type === 'ack') berth.outbox.acked(frame);
    else if (frame.type === 'reject') berth.outbox.rejected(frame);
    else if (frame.type === 'draining') {
      berth.isDraining = true;
      this.#mark();
    } else this.#options.listener.said(relay, frame);
  }

  #setOwn(own: string | null): void {
    const berth = this.#berthOf(own);
    if (own !== this.#own) {
      this.#berthOf(this.#own)?.outbox.close();
      this.#own = own;
      if (own !== null && this.#lastOwn !== null && own !== this.#lastOwn) this.#options.replica.forgetHeld();
      if (own !== null) this.#lastOwn = own;
      this.#options.listener.own(berth?.lane ?? null);
    }
    const limits = berth?.lane.welcome?.limits;
    if (berth === undefined || limits === undefined || berth.outbox.isOpen) return;
    if (this.#options.ports.mode === 'play') berth.outbox.open(limits);
  }

  #remove(relay: string): void {
    const berth = this.#berths.get(relay);
    if (berth === undefined) return;
    this.#berths.delete(relay);
    berth.lane.stop();
    this.#lost(relay, berth);
    this.#options.listener.gone(relay);
  }
}

function viewOf({ lane, isDraining }: Berth): LaneView {
  const { state, sinceMs, soughtSinceMs, fellSilent } = lane;
  return { state, sinceMs, soughtSinceMs, fellSilent, isDraining };
}
