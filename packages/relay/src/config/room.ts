import Type from 'typebox';
import { ROOM_LIMITS } from '../lane/room-limits.ts';
import { count } from './setting.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const HOUR_MS = 60 * 60_000;

/** The limits of one world that an operator may move; what one socket may send stands among the limits of the relay. */
export const Room = Type.Object(
  {
    maxPeople: count({
      description: 'Clients in one world at once.',
      minimum: 1,
      maximum: 4096,
      default: ROOM_LIMITS.maxPeople,
    }),
    maxSessionsPerUser: count({
      description: 'The same of one user.',
      minimum: 1,
      maximum: 1000,
      default: ROOM_LIMITS.maxSessionsPerUser,
    }),
    fleetingQueueBytes: count({
      description:
        'What may wait for one reader of presence; beyond it the oldest are dropped. Poses never wait: who is behind is told the newest later.',
      unit: 'bytes',
      minimum: 64 * KIB,
      maximum: GIB,
      default: ROOM_LIMITS.fleetingQueueBytes,
    }),
    readerQueueBytes: count({
      description:
        'What may wait for one reader in all; one that is slower is closed, and comes back for the difference.',
      unit: 'bytes',
      minimum: MIB,
      maximum: GIB,
      default: ROOM_LIMITS.readerQueueBytes,
    }),
    recentFrames: count({
      description: 'Frames that are kept in memory for those who come back.',
      minimum: 1,
      maximum: 10_000_000,
      default: ROOM_LIMITS.recentFrames,
    }),
    recentBytes: count({
      description: 'The same in bytes.',
      unit: 'bytes',
      minimum: MIB,
      maximum: GIB,
      default: ROOM_LIMITS.recentBytes,
    }),
    maxLiveRegisters: count({
      description: 'Values that were heard and that the room does not hold yet.',
      minimum: 1000,
      maximum: 10_000_000,
      default: ROOM_LIMITS.maxLiveRegisters,
    }),
    maxUncommittedBytes: count({
      description: 'What may wait for the journal before edits are refused.',
      unit: 'bytes',
      minimum: MIB,
      maximum: GIB,
      default: ROOM_LIMITS.maxUncommittedBytes,
    }),
    leaseMs: count({
      description: 'How long a lease lasts that is not renewed.',
      unit: 'ms',
      minimum: 1000,
      maximum: HOUR_MS,
      default: ROOM_LIMITS.leaseMs,
    }),
    maxLeases: count({
      description: 'Leases of one world.',
      minimum: 1,
      maximum: 1_000_000,
      default: ROOM_LIMITS.maxLeases,
    }),
    maxLeasesPerSession: count({
      description: 'The same of one client.',
      minimum: 1,
      maximum: 10_000,
      default: ROOM_LIMITS.maxLeasesPerSession,
    }),
    adoptAfterMs: count({
      description:
        'How long an author has to be gone until the relay writes to the room what they could not.',
      unit: 'ms',
      minimum: 1000,
      maximum: HOUR_MS,
      default: ROOM_LIMITS.adoptAfterMs,
    }),
    quietMs: count({
      description: 'After how much quiet clients are told a digest of the world to compare theirs with.',
      unit: 'ms',
      minimum: 1000,
      maximum: HOUR_MS,
      default: ROOM_LIMITS.quietMs,
    }),
  },
  { description: 'How much of everything in one world.' },
);
