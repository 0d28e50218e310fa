import type {
  ActorId,
  NativeDecoding,
  ObjectId,
  ObjectRegisters,
  Patch,
  RandomBytes,
  Readable,
  Replica,
  Stop,
  Timers,
  UserId,
  Value,
} from '@weft/core';
import type { MoverPose } from '@weft/protocol';
import type { LaneReplica } from './lane-replica.ts';
import type { OpenLaneSocket } from './lane-socket.ts';
import type { LaneStatus } from './lane-status.ts';
import type { PeerMail } from './peer/peer-mail.ts';
import type { SessionKey } from './session-key.ts';
import type { Signalling } from './signalling.ts';

/** What a channel is made of; everything that touches the world outside comes in here. */
export interface ChannelOptions extends NativeDecoding {
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
  /** What edits go by from device to device while there is no relay. Default: they do not. */
  readonly peers?: PeerPorts;
  /** Told what a listener of this channel threw, what a homeserver says to an announcement, and what peers did not take in. Default: nobody. */
  readonly failed?: (error: unknown) => void;
}

/** What a lane among peers needs beside. */
export interface PeerPorts {
  readonly mail: PeerMail;
  readonly user: UserId;
  /** Judges what peers say. */
  readonly replica: Replica;
  /** Milliseconds since 1970, corrected by the server's clock. */
  readonly now: () => number;
}

/** Somebody on a lane. The relay vouches for all of it; of a peer the room does, but for the actor, which is its own word. */
export interface LanePerson {
  /** The address of the relay; `null` for a peer, who is on none. */
  readonly relay: string | null;
  /** Given by that relay, never used twice in one of its runs. Of peers the number in this list. */
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
  /** Whether this client holds it though it did not ask: somebody handed it over. */
  readonly handed: boolean;
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

/** What moves: somebody's avatar, or an object that somebody carries. */
export interface Mover {
  /** Whose it is, or who carries it; as the relay has them that told of it last. */
  readonly person: LanePerson;
  /** The object; `null` for the person's avatar. */
  readonly object: ObjectId | null;
  /** How far behind the newest word it is shown, in milliseconds: as much as arrivals are irregular. */
  readonly delayMs: number;
  /**
   * How it stands, in the world's coordinates: between what was told, a little beyond it, and then still. Costs microseconds.
   *
   * @param localMs a moment of the local clock: now, or the last second
   * @returns `null` where it is out of sight, or nothing was told yet
   */
  poseAt(localMs: number): MoverPose | null;
}

/** Whether others see this client's avatar: `asked` until the relay has given it one, `away` where no relay carries motion. */
export type AvatarStanding = 'shown' | 'asked' | 'away';

/** Poses, which are never part of the graph: of this client out, those of others in. */
export interface MotionPort {
  /** What others move, each once over whichever relays tell of it; gone at once with the relay that told of it. */
  readonly movers: Readable<readonly Mover[]>;
  readonly avatar: Readable<AvatarStanding>;
  /** Has an avatar from now on, also after a reconnection. */
  enter(): void;
  leave(): void;
  /**
   * The newest pose of the own avatar (`null`), or of an object whose lease this client holds. It goes out as often as the
   * relay and the socket take it; call it whenever something moved.
   *
   * @param options.teleported it did not move here, so nobody shows a way
   * @returns the pose as others will see it
   * @throws WeftError `invalid-value` for what is not finite, lies outside the world or is no rotation; nothing is sent
   */
  move(object: ObjectId | null, pose: MoverPose, options?: { readonly teleported?: boolean }): MoverPose;
  /** Tells no more of an object. */
  drop(object: ObjectId): void;
  /**
   * From where this client looks, in metres, where it has no avatar there: it is told more of what is near. `null`, the default, for its
   * avatar, or everywhere. May be called with each frame: the relay hears of it twice a second at most.
   */
  look(from: readonly [number, number, number] | null): void;
}

/** The live lane of one world, over whichever relays there are. It takes care of itself until it is closed. */
export interface Channel {
  readonly status: Readable<LaneStatus>;
  /** Who is on the relays that this client hears, itself included; those of its own relay first, in the order of their sessions. Then peers, itself excluded. */
  readonly people: Readable<readonly LanePerson[]>;
  readonly documents: DocumentPort;
  readonly presence: PresencePort;
  readonly motion: MotionPort;
  /** The relay's clock minus the local one, in milliseconds; `null` until it was measured. */
  clockOffsetMs(): number | null;
  /** What the relay holds of the room, as hashes; `null` where no relay is live, or it does not say within two seconds. */
  digest(): Promise<LaneDigest | null>;
  /**
   * Sends an own edit that the replica shows, or will by the end of this turn of the event loop: to the relay, or else to peers.
   * Without either it goes out when there is one.
   */
  send(patch: Patch): void;
  /** Own edits became pending that were not given to `send`, be it under an actor that is new among the former ones: they go out. */
  renew(): void;
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
  /** Who holds an object, by this client's relay; `null` for nobody, or where no relay is live. */
  holderOf(object: ObjectId): LanePerson | null;
  /**
   * Gives an own lease to somebody else, so that nobody takes it in between. They are told by `lease`, with `own`, and hold it
   * from then on.
   *
   * @param to a session of this client's own relay
   * @returns whether they have it
   */
  handOver(object: ObjectId, to: number): Promise<boolean>;
  /** Forgets every wait and looks for a relay now: the network is back, say. */
  wake(): void;
  on<Name extends keyof ChannelEvents>(event: Name, listener: (value: ChannelEvents[Name]) => void): Stop;
  /** Leaves; tells the room so. Nothing runs afterwards. */
  close(): Promise<void>;
}

/** Opens the lane of a world; it begins to look for a relay at once. */
export type OpenChannel = (options: ChannelOptions) => Channel;
