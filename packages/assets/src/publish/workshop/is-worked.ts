import type { Worked } from './workshop.ts';

/** Our own worker answers, so that its kind says enough. */
export function isWorked(message: unknown): message is Worked {
  return (
    typeof message === 'object' &&
    message !== null &&
    'work' in message &&
    (message.work === 'validate' ||
      message.work === 'optimise' ||
      message.work === 'draw' ||
      message.work === 'failed')
  );
}
