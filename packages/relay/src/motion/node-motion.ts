import { performance } from 'node:perf_hooks';
import type { MotionPorts } from './motion-part.ts';

/** The event loop of this process. */
export const nodeMotion: MotionPorts = {
  turn: (run) => {
    setImmediate(run);
  },
  measureLoad: () => {
    let last = performance.eventLoopUtilization();
    return () => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, last);
      last = now;
      return utilization;
    };
  },
};
