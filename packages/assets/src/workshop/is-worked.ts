import type { Told, Worked } from './workshop.ts';

const WORKS: ReadonlySet<unknown> = new Set<(Worked | Told)['work']>([
  ...(['validate', 'optimise', 'draw', 'explode', 'write', 'failed', 'told'] as const),
]);

/** Our own worker answers, so that its kind says enough. */
export function isWorked(message: unknown): message is Worked | Told {
  return typeof message === 'object' && message !== null && 'work' in message && WORKS.has(message.work);
}
