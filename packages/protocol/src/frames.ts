import { ack } from './frame/ack.ts';
import { byeDown } from './frame/bye-down.ts';
import { byeUp } from './frame/bye-up.ts';
import { clock } from './frame/clock.ts';
import { clockUp } from './frame/clock-up.ts';
import { digest } from './frame/digest.ts';
import { digestUp } from './frame/digest-up.ts';
import { documentDown } from './frame/document-down.ts';
import { documentUp } from './frame/document-up.ts';
import { draining } from './frame/draining.ts';
import { eventDown } from './frame/event-down.ts';
import { eventUp } from './frame/event-up.ts';
import type { FrameOf } from './frame/frame.ts';
import { hello } from './frame/hello.ts';
import { keeping } from './frame/keeping.ts';
import { leaseAnswer } from './frame/lease-answer.ts';
import { leaseDown } from './frame/lease-down.ts';
import { leaseHandUp } from './frame/lease-hand-up.ts';
import { leaseUp } from './frame/lease-up.ts';
import { moverUp } from './frame/mover-up.ts';
import { movers } from './frame/movers.ts';
import { patchDown } from './frame/patch-down.ts';
import { patchUp } from './frame/patch-up.ts';
import { people } from './frame/people.ts';
import { poseDown } from './frame/pose-down.ts';
import { poseFlow } from './frame/pose-flow.ts';
import { poseRate } from './frame/pose-rate.ts';
import { poseUp } from './frame/pose-up.ts';
import { presenceDown } from './frame/presence-down.ts';
import { presenceUp } from './frame/presence-up.ts';
import { reject } from './frame/reject.ts';
import { retract } from './frame/retract.ts';
import { retractUp } from './frame/retract-up.ts';
import { role } from './frame/role.ts';
import { snapshot } from './frame/snapshot.ts';
import { viewUp } from './frame/view-up.ts';
import { welcome } from './frame/welcome.ts';

/** What clients send. */
export const UP_FRAMES = [
  hello,
  patchUp,
  eventUp,
  leaseUp,
  documentUp,
  presenceUp,
  retractUp,
  clockUp,
  byeUp,
  digestUp,
  moverUp,
  poseUp,
  viewUp,
  leaseHandUp,
] as const;

/** What relays send. */
export const DOWN_FRAMES = [
  welcome,
  snapshot,
  patchDown,
  ack,
  reject,
  eventDown,
  retract,
  leaseDown,
  leaseAnswer,
  documentDown,
  presenceDown,
  people,
  role,
  clock,
  digest,
  draining,
  keeping,
  movers,
  poseDown,
  poseFlow,
  poseRate,
  byeDown,
] as const;

export type UpFrame = FrameOf<(typeof UP_FRAMES)[number]>;
export type DownFrame = FrameOf<(typeof DOWN_FRAMES)[number]>;
/** Any frame of the lane. */
export type Frame = UpFrame | DownFrame;
