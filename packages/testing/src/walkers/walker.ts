import type { Account } from '@weft/cli/stack';
import { Cell, newActorId, type Patch, patchOf, Replica } from '@weft/core';
import {
  type Channel,
  createSessionKey,
  type LaneReplica,
  type OpenLaneSocket,
  openChannel,
  type Signalling,
} from '@weft/live';
import { openSystemSocket } from '@weft/live/system';
import { systemTimers, TicketDesk } from '@weft/matrix';
import { DOWN_FRAMES, type MoverPose, type RelayTransport } from '@weft/protocol';
import { DeviceMail } from './device-mail.ts';

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const NOTHING: Patch = patchOf({});
const POSES = new Set<number | undefined>(
  DOWN_FRAMES.filter(({ type }) => type === 'pose-down' || type === 'pose-flow').map(({ byte }) => byte),
);

/**
 * Somebody who walks: the product's own client of the lane, admitted by a real ticket, without the world round it. What
 * others write it passes over, so that a hundred of them fit into one process.
 */
export class Walker {
  readonly #channel: Channel;

  private constructor(channel: Channel) {
    this.#channel = channel;
    channel.motion.enter();
  }

  /** @param relay the relay of the world; its user is in the room, and so is the account */
  static async open(account: Account, room: string, relay: RelayTransport): Promise<Walker> {
    const desk = new TicketDesk({ homeserver: new DeviceMail(account), timers: systemTimers });
    const signalling: Signalling = {
      candidates: async () => [relay],
      known: new Cell<readonly RelayTransport[]>([relay]),
      published: new Cell<readonly RelayTransport[]>([]),
      sendsTo: () => false,
      requestTicket: (_, request, signal) =>
        desk.ask(relay.user_id, { room, purpose: 'lane', ...request }, signal),
      // It takes part over the relay alone, and leaves nothing in the room.
      announce: async () => undefined,
    };
    const key = await createSessionKey({ subtle: crypto.subtle, random });
    const ports = { signalling, key, random, timers: systemTimers, openSocket: blindSocket };
    return new Walker(openChannel({ room, replica: passingOver(), ...ports }));
  }

  get isShown(): boolean {
    return this.#channel.motion.avatar.value === 'shown';
  }

  /** How many others it hears of. */
  get others(): number {
    return this.#channel.motion.movers.value.length;
  }

  stand(pose: MoverPose): void {
    this.#channel.motion.move(null, pose);
  }

  close(): Promise<void> {
    return this.#channel.close();
  }
}

/** A socket of somebody who does not look where the others are: to read that for each of a hundred takes a whole processor. */
const blindSocket: OpenLaneSocket = (url, listener) =>
  openSystemSocket(url, {
    ...{ opened: () => listener.opened(), closed: (code, reason) => listener.closed(code, reason) },
    received: (bytes) => {
      if (!POSES.has(bytes[0])) listener.received(bytes);
    },
  });

/** A replica of somebody who neither reads nor writes the world. */
function passingOver(): LaneReplica {
  const actor = newActorId(random);
  const setHash = new Replica({ actor, now: Date.now }).setHash();
  const ignore = (): void => undefined;
  return {
    ...{ actor, former: [], usersOf: () => new Set(), setHash: () => setHash },
    ...{ hear: ignore, overhear: ignore, retractLive: ignore, takeBack: ignore },
    ...{ sent: ignore, hold: ignore, refuse: ignore, forgetHeld: ignore },
    ...{ live: () => NOTHING, unheld: () => NOTHING, own: () => NOTHING },
  };
}
