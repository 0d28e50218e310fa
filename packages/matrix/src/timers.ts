import type { Timers } from '@weft/core';

export { fraction, type Stop, type Timers } from '@weft/core';

/** The platform's clock and timers. */
export const systemTimers: Timers = {
  now: () => Date.now(),
  after(delayMs, run) {
    const handle = setTimeout(run, delayMs);
    return () => clearTimeout(handle);
  },
};
