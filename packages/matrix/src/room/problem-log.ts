import type { RoomProblem } from './stages.ts';

/** Of a room full of malformed events the newest problems are kept. */
export const MAX_KEPT_PROBLEMS = 200;

/** The problems with the newest at the end; one that is found again moves there, since a room is read many times. */
export function withProblem(known: readonly RoomProblem[], problem: RoomProblem): readonly RoomProblem[] {
  const others = known.filter(
    ({ carrier, path, reason }) =>
      carrier !== problem.carrier || path !== problem.path || reason !== problem.reason,
  );
  return [...others, problem].slice(-MAX_KEPT_PROBLEMS);
}

/** What went wrong in a part of the session. */
export function failureOf(carrier: string, reason: string, cause: unknown): RoomProblem {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  return { carrier, path: null, reason, error };
}
