import { Decoder } from './decoder.ts';
import { systemTimers } from './system-timers.ts';
import { startThread } from './web-thread.ts';

/** A decoder in a thread of a page. One is enough for a page: its thread comes with the first job and goes when idle. */
export function openDecoder(): Decoder {
  return new Decoder({ timers: systemTimers, start: startThread });
}
