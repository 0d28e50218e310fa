import type { Timers } from '@weft/core';
import type { MotionPorts } from '@weft/relay';

/** Turns of an event loop that take no time, in a process that is never busy. */
export function virtualMotion(timers: Timers): MotionPorts {
  return {
    turn: (run) => {
      timers.after(0, run);
    },
    measureLoad: () => () => 0,
  };
}
