import { Decoder } from './decoder.ts';
import { startThread } from './node-thread.ts';
import { systemTimers } from './system-timers.ts';

/** A decoder in a thread of Node. One is enough for a program: its thread comes with the first job and goes when idle. */
export function openDecoder(): Decoder {
  return new Decoder({ timers: systemTimers, start: startThread });
}
