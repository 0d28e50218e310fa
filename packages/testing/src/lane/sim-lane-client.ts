import {
  type ActorId,
  compareRegisters,
  entriesOf,
  type ObjectId,
  type ObjectRegisters,
  type Patch,
  type Path,
  patchOf,
  type Readable,
  Replica,
  type Timers,
  type UserId,
  type Value,
} from '@weft/core';
import {
  type Announcement,
  type Channel,
  type ChannelOptions,
  type LaneProblem,
  openChannel,
  type SessionKey,
  type Signalling,
} from '@weft/live';
import type { RelayTransport } from '@weft/protocol';
import type { SeededRandom } from '../random/seeded-random.ts';
import { shownText } from './shown-text.ts';
import type { SimNetwork } from './sim-network.ts';
import type { SimRelay } from './sim-relay.ts';

/** How often a message that waits is looked at. */
const MAIL_MS = 50;

export interface SimLaneClientOptions {
  readonly name: string;
  /** As tickets name it. Default: the name. */
  readonly device?: string;
  readonly user: UserId;
  readonly actor: ActorId;
  readonly room: string;
  readonly key: SessionKey;
  readonly timers: Timers;
  readonly random: SeededRandom;
  readonly network: Pick<SimNetwork, 'connect'>;
  readonly relays: ReadonlyMap<string, Pick<SimRelay, 'isRunning' | 'grant'>>;
  /** The order in which this client finds relays. */
  readonly candidates: Readable<readonly RelayTransport[]>;
  readonly published: Readable<readonly RelayTransport[]>;
  /** Who tells the room that they are on which relay. */
  readonly sendsTo: Signalling['sendsTo'];
  readonly announced: (member: Announcement | null) => void;
  readonly mode?: ChannelOptions['mode'];
}

/** One running client: the product's replica and channel, and what became of its edits. */
export class SimLaneClient {
  readonly name: string;
  readonly replica: Replica;
  readonly channel: Channel;
  /** Edits that a relay said it keeps, by the registers that were written. */
  readonly held: Patch[] = [];
  readonly refused: { readonly registers: ObjectRegisters; readonly problems: readonly LaneProblem[] }[] = [];
  /** How the homeserver fails, while it is set. */
  homeserverFault: 'none' | 'error' | 'silent' = 'none';
  /** The actors of earlier runs, whose edits are this client's to send. */
  readonly former: ActorId[] = [];
  readonly #options: SimLaneClientOptions;

  constructor(options: SimLaneClientOptions) {
    const { name, room, key, timers, random, network, mode = 'play' } = options;
    this.name = name;
    this.#options = options;
    this.replica = new Replica({ actor: options.actor, now: timers.now });
    this.channel = openChannel({
      ...{ room, key, timers, mode },
      random: random.bytes,
      replica: this.#port(),
      signalling: this.#signalling(),
      openSocket: (url, listener) => network.connect(name, url, listener),
    });
  }

  /** Where this client is, as its status says. */
  get relay(): string | null {
    const { lane, relay } = this.channel.status.value;
    return lane === 'relay' ? (relay?.url ?? null) : null;
  }

  /** Writes one property, and says so. */
  set(id: ObjectId, path: Path, value: Value): Patch {
    const { user } = this.#options;
    const stamp = this.replica.clock.issue();
    const patch = patchOf({
      registers: [{ id, path, register: { value, stamp } }],
      actors: [[stamp.actor, [user]]],
    });
    // As a world does it: whatever waits here, others need not.
    this.channel.send(patch);
    this.replica.write(patch, 'local');
    return patch;
  }

  /** What this client shows, as text. */
  shown(): string {
    return shownText(this.replica);
  }

  /** Of these registers those that this client neither shows nor knows to be replaced. */
  missing(patch: Patch): string[] {
    return [...entriesOf(patch)].flatMap(({ id, path, register }) => {
      const shown = this.replica.registers(id)?.get(path);
      return shown !== undefined && compareRegisters(shown, register) >= 0
        ? []
        : [`${this.name} ${id} ${path}`];
    });
  }

  #port(): ChannelOptions['replica'] {
    const { replica, former } = this;
    return {
      actor: this.#options.actor,
      former,
      usersOf: (actor) => replica.usersOf(actor),
      setHash: () => replica.setHash(),
      hear: (patch) => void replica.hear(patch),
      overhear: (patch) => void replica.overhear(patch),
      retractLive: (registers) => void replica.retractLive(registers),
      takeBack: (registers) => void replica.retractLive(registers),
      live: () => replica.livePatch(),
      sent: (registers) => replica.sent(registers),
      hold: (registers) => {
        replica.hold(registers);
        this.held.push(patchOf({ registers: entriesIn(registers) }));
      },
      forgetHeld: () => void replica.forgetHeld(),
      refuse: (registers, problems) => {
        replica.refuse(registers, 'relay');
        this.refused.push({ registers, problems });
      },
      unheld: () => replica.unheldPatch(),
      own: () => replica.pendingPatch(),
    };
  }

  #signalling(): Signalling {
    const { candidates, published, relays, user, name, device = name, announced, sendsTo } = this.#options;
    return {
      published,
      sendsTo,
      candidates: (signal) => this.#through(signal, () => candidates.value),
      known: candidates,
      requestTicket: (transport, request, signal) =>
        this.#through(signal, () => {
          const relay = relays.get(transport.url);
          return relay?.isRunning === true ? relay.grant(user, device, request) : null;
        }),
      announce: async (member) => {
        if (this.homeserverFault !== 'none') throw new Error('The homeserver does not answer.');
        announced(member);
      },
    };
  }

  /** As a request through homeservers: after a while, or never. What a relay that does not run is asked waits for it there. */
  #through<T>(signal: AbortSignal, answer: () => T | null): Promise<T> {
    const { timers, random } = this.#options;
    return new Promise<T>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('given up')));
      const attempt = (): void => {
        if (signal.aborted || this.homeserverFault === 'silent') return;
        try {
          if (this.homeserverFault === 'error') throw new Error('The homeserver fails.');
          const found = answer();
          if (found === null) timers.after(MAIL_MS, attempt);
          else resolve(found);
        } catch (error) {
          reject(error);
        }
      };
      timers.after(5 + random.below(120), attempt);
    });
  }
}

function* entriesIn(registers: ObjectRegisters) {
  for (const [id, paths] of registers) for (const [path, register] of paths) yield { id, path, register };
}
