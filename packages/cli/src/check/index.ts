export { createOutput, type Output } from '../output.ts';
export { tryLane } from './lane.ts';
export {
  LANE_DEADLINE_MS,
  type LaneClient,
  SAVED_DEADLINE_MS,
  SEEN_DEADLINE_MS,
  type Way,
} from './lane-client.ts';
export { type CheckStep, CheckSteps } from './steps.ts';
