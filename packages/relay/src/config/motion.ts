import Type from 'typebox';
import { MOTION_LIMITS } from '../motion/motion-limits.ts';
import { count } from './setting.ts';

/** The limits of what moves that an operator may move. */
export const Motion = Type.Object(
  {
    bytesPerSecond: count({
      description:
        'What one client is told of how others move, in a second; of what is far it is told less often.',
      unit: 'bytes',
      minimum: 1000,
      maximum: 10_000_000,
      default: MOTION_LIMITS.bytesPerSecond,
    }),
    byteBurst: count({
      description: 'The same at once.',
      unit: 'bytes',
      minimum: 1000,
      maximum: 10_000_000,
      default: MOTION_LIMITS.byteBurst,
    }),
    framesPerSecond: count({
      description:
        'Frames of poses that the relay sends in a second for one world, to one client each, before it gathers poses for longer.',
      minimum: 100,
      maximum: 1_000_000,
      default: MOTION_LIMITS.framesPerSecond,
    }),
  },
  { description: 'How much of what moves, in one world.' },
);
