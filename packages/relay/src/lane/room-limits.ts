/** The bounds of one room, all of them; what an operator may set. */
export interface RoomLimits {
  /** People in the room at once, and of one user. */
  readonly maxPeople: number;
  readonly maxSessionsPerUser: number;
  /** What a welcome says of the rate at which a socket is read; whoever owns the socket sees to it. */
  readonly framesPerSecond: number;
  readonly frameBurst: number;
  readonly bytesPerSecond: number;
  /** What fleeting frames may queue for one reader before the oldest are dropped, in bytes. */
  readonly fleetingQueueBytes: number;
  /** What may queue for one reader before it is closed, in bytes. */
  readonly readerQueueBytes: number;
  /** Recent frames that are kept for those who come back. */
  readonly recentFrames: number;
  readonly recentBytes: number;
  /** Registers that were heard and that the room does not hold. */
  readonly maxLiveRegisters: number;
  /** What may wait for the journal before patches are refused, in bytes. */
  readonly maxUncommittedBytes: number;
  readonly leaseMs: number;
  readonly maxLeases: number;
  readonly maxLeasesPerSession: number;
  /** How long an author has to be gone until the relay adopts their work. */
  readonly adoptAfterMs: number;
  /** After how much quiet digests are told. */
  readonly quietMs: number;
}

const MIB = 1024 * 1024;

export const ROOM_LIMITS: RoomLimits = {
  maxPeople: 256,
  maxSessionsPerUser: 8,
  framesPerSecond: 200,
  frameBurst: 400,
  bytesPerSecond: 2 * MIB,
  fleetingQueueBytes: MIB,
  readerQueueBytes: 8 * MIB,
  recentFrames: 16_384,
  recentBytes: 16 * MIB,
  maxLiveRegisters: 262_144,
  maxUncommittedBytes: 16 * MIB,
  leaseMs: 10_000,
  maxLeases: 4096,
  maxLeasesPerSession: 64,
  adoptAfterMs: 10_000,
  quietMs: 10_000,
};
