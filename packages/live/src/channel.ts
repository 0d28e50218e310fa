import type {
  ActorId,
  ObjectId,
  ObjectRegisters,
  Patch,
  RandomBytes,
  Readable,
  Sha256,
  Stop,
  Timers,
  UserId,
  Value,
} from '@weft/core';
import type { LaneReplica } from './lane-replica.ts';
import type { OpenLaneSocket } from './lane-socket.ts';
import type { LaneStatus } from './lane-status.ts';
import type { SessionKey } from './session-key.ts';
import type { Signalling } from './signalling.ts';

/** What a channel is made of; everything that touches the world outside comes in here. */
export interface ChannelOptions {
  /** The id of the room. */
  readonly room: string;
  readonly replica: LaneReplica;
  readonly signalling: Signalling;
  readonly openSocket: OpenLaneSocket;
  readonly key: SessionKey;
  readonly timers: Timers;
  readonly random: RandomBytes;
  /** `read` for whoever only looks: nothing is sent. Default: `play`. */
  readonly mode?: 'play' | 'read';
  /** A faster sha256 than the built-in one for snapshots: `() => createHash('sha256')` in Node. */
  readonly createSha256?: () => Sha256;
  /** Told what a listener of this channel threw, and what a homeserver says to an announcement. Default: nobody. */
  readonly failed?: (error: unknown) => void;
}

/** Somebody on a relay. The relay vouches for all of it. */
export interface LanePerson {
  /** The address of the relay. */
  readonly relay: string;
  /** Given by that relay, never used twice in one of its runs. */
  readonly session: number;
  readonly user: UserId;
  readonly device: string;
  readonly actor: ActorId;
  /** The power level in the room. */
  readonly level: number;
}

/** A named message to whoever listens at an object, or to everybody; nothing of it is kept. */
export interface LaneEvent {
  readonly from: LanePerson | null;
  readonly user: UserId;
  readonly target: ObjectId | null;
  readonly name: string;
  readonly data: Value;
}

/** The right to move an object for a while. */
export interface Lease {
  readonly object: ObjectId;
  /** Grows with each holder of the object: a later one outranks an earlier one. */
  readonly fence: number;
  /** When it ends unless it is renewed, which happens by itself; milliseconds of the local clock. */
  readonly expiresMs: number;
}

/** Who holds an object, as the relay says; `null` for nobody. */
export interface LeaseChange {
  readonly object: ObjectId;
  readonly holder: LanePerson | null;
  /** Whether this client holds it. */
  readonly own: boolean;
  readonly fence: number;
}

/** Hashes of what a relay holds of the room: who holds the same need not read the room again. */
export interface LaneDigest {
  readonly setHash: string;
  readonly stateDigest: string;
}

/** What a channel tells. */
export interface ChannelEvents {
  readonly event: LaneEvent;
  readonly lease: LeaseChange;
  /** This user's power level in the room, as the relay knows it, which is sooner than the next sync. */
  readonly level: number;
}

/** The sync messages of shared documents, one document an object; their content is not looked at. */
export interface DocumentPort {
  /** `false` where no relay is live: send it again when `live` tells. */
  send(object: ObjectId, bytes: Uint8Array): boolean;
  on(listener: (message: { object: ObjectId; session: number; bytes: Uint8Array }) => void): Stop;
  /** Tells whenever a relay became live, so that documents are synchronised anew. */
  onLive(listener: () => void): Stop;
}

/** What editors say of themselves: selection, cursor, colour. */
export interface PresencePort {
  /** Shown to others, also after the next reconnection; `null` for nothing. */
  set(state: { readonly [name: string]: Value } | null): void;
  on(
    listener: (change: { person: LanePerson; state: { readonly [name: string]: Value } | null }) => void,
  ): Stop;
}

/** The live lane of one world, over whichever relays there are. It takes care of itself until it is closed. */
export interface Channel {
  readonly status: Readable<LaneStatus>;
  /** Who is on the relays that this client hears, itself included; those of its own relay first, in the order of their sessions. */
  readonly people: Readable<readonly LanePerson[]>;
  readonly documents: DocumentPort;
  readonly presence: PresencePort;
  /** The relay's clock minus the local one, in milliseconds; `null` until it was measured. */
  clockOffsetMs(): number | null;
  /** What the relay holds of the room, as hashes; `null` where no relay is live, or it does not say within two seconds. */
  digest(): Promise<LaneDigest | null>;
  /** Sends an own edit that the replica shows already. Without a relay it goes out when there is one. */
  send(patch: Patch): void;
  /** Own registers that the room refused: everybody on the lane drops them. */
  retract(registers: ObjectRegisters): void;
  /**
   * Sends a named message. It is not kept: `false` where no relay is live.
   *
   * @param options.to one session of this client's own relay instead of everybody
   * @throws WeftError `invalid-value` for a name or data that is too long, or no JSON
   */
  emit(name: string, data: Value, options?: { target?: ObjectId | null; to?: number }): boolean;
  /**
   * Asks for the right to move an object. It is renewed by itself until it is released, or `lease` tells of another holder.
   *
   * @param options.priority 0 to 255; a higher one takes it from a lower one. Default: 0
   * @returns `null` where somebody else holds it, or no relay is live
   */
  take(object: ObjectId, options?: { priority?: number }): Promise<Lease | null>;
  release(object: ObjectId): void;
  /** Forgets every wait and looks for a relay now: the network is back, say. */
  wake(): void;
  on<Name extends keyof ChannelEvents>(event: Name, listener: (value: ChannelEvents[Name]) => void): Stop;
  /** Leaves; tells the room so. Nothing runs afterwards. */
  close(): Promise<void>;
}

/** Opens the lane of a world; it begins to look for a relay at once. */
export type OpenChannel = (options: ChannelOptions) => Channel;
