import Type from 'typebox';
import { count } from './setting.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;
const TIB = 1024 * GIB;

/** How much of published files a relay keeps and gives out. */
export const Files = Type.Object(
  {
    maxBytes: count({
      description: 'Files of all worlds together; 0: the relay keeps none, and is no gateway.',
      unit: 'bytes',
      minimum: 0,
      maximum: 16 * TIB,
      default: 8 * GIB,
    }),
    maxWorldBytes: count({
      description:
        'Files of one world. A world that is full refuses more until somebody takes one away; nothing goes by itself.',
      unit: 'bytes',
      minimum: 0,
      maximum: 16 * TIB,
      default: GIB,
    }),
    maxWorldFiles: count({
      description: 'The same, in number.',
      minimum: 0,
      maximum: 1_000_000,
      default: 4096,
    }),
    maxFileBytes: count({
      description: 'One file.',
      unit: 'bytes',
      minimum: KIB,
      maximum: GIB,
      default: 100 * MIB,
    }),
    unfinishedMs: count({
      description: 'How long blocks wait to be said to be a file, until they are dropped.',
      unit: 'ms',
      minimum: 1000,
      maximum: 24 * 60 * 60_000,
      default: 10 * 60_000,
    }),
    uploadBytesPerSecond: count({
      description: 'What one user publishes a second, for long.',
      unit: 'bytes',
      minimum: KIB,
      maximum: GIB,
      default: 8 * MIB,
    }),
    uploadBurstBytes: count({
      description: 'What one user publishes at once.',
      unit: 'bytes',
      minimum: 2 * MIB,
      maximum: GIB,
      default: 128 * MIB,
    }),
    servedBytesPerSecond: count({
      description:
        'What the gateway gives to all together a second, for long: the lane has the same processor.',
      unit: 'bytes',
      minimum: KIB,
      maximum: 16 * GIB,
      default: 64 * MIB,
    }),
    servedBurstBytes: count({
      description: 'The same at once.',
      unit: 'bytes',
      minimum: 2 * MIB,
      maximum: 16 * GIB,
      default: 256 * MIB,
    }),
  },
  {
    description:
      'Files that were published in the worlds of the relay, which gives them to everybody as a trustless gateway of IPFS.',
  },
);
