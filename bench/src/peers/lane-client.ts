import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { json } from 'node:stream/consumers';
import {
  Cell,
  composeEdit,
  newActorId,
  type ObjectId,
  type ObjectRegisters,
  parsePath,
  parseUserId,
  type RandomBytes,
  Replica,
  ROLE_LEVELS,
  type UserId,
} from '@weft/core';
import {
  type Channel,
  createSessionKey,
  type LaneReplica,
  openChannel,
  type Signalling,
  type Ticket,
} from '@weft/live';
import { createSystemSha256, openSystemSocket, systemInflate } from '@weft/live/system';
import { systemTimers } from '@weft/matrix';
import type { PeerClient } from './adapter.ts';

export const ROOM = '!bench:example.org';
export const RELAY = parseUserId('@relay:example.org');
const POSITION = parsePath('transform.position');

const random: RandomBytes = (length) => new Uint8Array(randomBytes(length));

export interface LaneClientOptions {
  readonly user: UserId;
  /** Where the relay gives tickets. */
  readonly url: string;
  readonly transport: RelayTransport;
  /** Another client moved an object to a position whose first number is this. */
  readonly moved: (x: number) => void;
}

type RelayTransport = Signalling['published']['value'][number];

/** Replica and lane of one client, as a world has them. */
export class LaneClient implements PeerClient {
  readonly replica = new Replica({ actor: newActorId(random), now: systemTimers.now });
  /** The newest position of each object that a relay said it keeps, by its first number. */
  readonly held = new Map<ObjectId, number>();
  readonly #options: LaneClientOptions;
  #channel: Channel | null = null;
  /** Whether the whole world is there: what came with it was moved by nobody. */
  #isThere = false;

  constructor(options: LaneClientOptions) {
    this.#options = options;
  }

  get isLive(): boolean {
    return this.#channel?.status.value.lane === 'relay';
  }

  /** Resolves when the whole world is there. */
  async open(): Promise<void> {
    this.#channel = openChannel({
      ...{ room: ROOM, timers: systemTimers, random },
      replica: this.#port(),
      signalling: this.#signalling(),
      openSocket: openSystemSocket,
      key: await createSessionKey({ subtle: crypto.subtle, random }),
      createSha256: createSystemSha256,
      inflate: systemInflate,
    });
    await this.live();
    this.#isThere = true;
  }

  /** Resolves when a relay is live. */
  live(): Promise<void> {
    const channel = this.#channel;
    if (channel === null || this.isLive) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = channel.status.subscribe(() => {
        if (!this.isLive) return;
        stop();
        resolve();
      });
    });
  }

  objects(): number {
    return this.replica.scene.size;
  }

  /** The first number of where an object is. */
  x(id: ObjectId): number | undefined {
    const position = this.replica.scene.valueAt(id, POSITION);
    const x = Array.isArray(position) ? position[0] : undefined;
    return typeof x === 'number' ? x : undefined;
  }

  move(id: string, position: readonly [number, number, number]): void {
    const { replica } = this;
    const access = { userId: this.#options.user, level: ROLE_LEVELS.builder };
    const { patch } = composeEdit(replica, access, random, (draft) =>
      draft.set(id, { transform: { position } }),
    );
    // As a world does it: others need not wait for what this client makes of its edit.
    this.#channel?.send(patch);
    replica.write(patch, 'local');
  }

  async close(): Promise<void> {
    await this.#channel?.close();
  }

  #port(): LaneReplica {
    const { replica } = this;
    const { moved } = this.#options;
    return {
      actor: replica.clock.actor,
      former: [],
      usersOf: (actor) => replica.usersOf(actor),
      setHash: () => replica.setHash(),
      hear: (patch) => {
        replica.hear(patch);
        if (!this.#isThere) return;
        for (const [id, { registers }] of patch.objects) {
          const x = registers.has(POSITION) ? this.x(id) : undefined;
          if (x !== undefined) moved(x);
        }
      },
      overhear: (patch) => void replica.overhear(patch),
      retractLive: (registers) => void replica.retractLive(registers),
      takeBack: (registers) => void replica.retractLive(registers),
      live: () => replica.livePatch(),
      sent: (registers) => replica.sent(registers),
      hold: (registers) => this.#hold(registers),
      refuse: (registers) => void replica.refuse(registers, 'relay'),
      forgetHeld: () => replica.forgetHeld(),
      unheld: () => replica.unheldPatch(),
      own: () => replica.pendingPatch(),
    };
  }

  #hold(registers: ObjectRegisters): void {
    this.replica.hold(registers);
    for (const [id, paths] of registers) {
      const value = paths.get(POSITION)?.value;
      const x = Array.isArray(value) ? value[0] : undefined;
      if (typeof x === 'number') this.held.set(id, Math.max(x, this.held.get(id) ?? x));
    }
  }

  #signalling(): Signalling {
    const { transport, url, user } = this.#options;
    return {
      candidates: async () => [transport],
      known: new Cell([transport]),
      published: new Cell([transport]),
      sendsTo: () => true,
      requestTicket: async (_transport, { memberId, nonce, key }) => {
        return askTicket(url, { user, room: ROOM, memberId, nonce, key, device: 'BENCH', purpose: 'lane' });
      },
      announce: async () => undefined,
    };
  }
}

/** The relay whose tickets are given at this address. */
export async function relayAt(url: string): Promise<RelayTransport> {
  const { url: relay } = await asked(url, '');
  return { type: 'world.weft.relay', url: String(relay), user_id: RELAY };
}

/** The ticket that the relay gives at this address. */
export async function askTicket(url: string, request: object): Promise<Ticket> {
  const { ticket, expiresMs, url: signed } = await asked(url, JSON.stringify(request));
  return { ticket: String(ticket), expiresMs: Number(expiresMs), url: String(signed) };
}

// Not by `fetch`: Node loads its module when it is first called, and a client has called its homeserver before it joins.
function asked(url: string, body: string): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    const asking = request(url, { method: 'POST' }, (response) => {
      json(response).then((answer) => resolve(Object(answer)), reject);
    });
    asking.on('error', reject).end(body);
  });
}
