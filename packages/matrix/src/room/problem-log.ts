import type { RoomProblem } from './stages.ts';

/** Of a room full of malformed events the newest problems are kept. */
const MAX_KEPT_PROBLEMS = 200;

/** The newest problems of a room, each once. */
export class ProblemLog {
  readonly #told: (problem: RoomProblem) => void;
  #problems: readonly RoomProblem[] = [];

  constructor(told: (problem: RoomProblem) => void) {
    this.#told = told;
  }

  get problems(): readonly RoomProblem[] {
    return this.#problems;
  }

  /** @param carrier event type and state key, or the part of the session */
  failed(carrier: string, reason: string, cause: unknown): void {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    this.report({ carrier, path: null, reason, error });
  }

  report(problem: RoomProblem): void {
    // The room is read many times, and what is malformed in it is found each time.
    const others = this.#problems.filter(
      ({ carrier, path, reason }) =>
        carrier !== problem.carrier || path !== problem.path || reason !== problem.reason,
    );
    this.#problems = [...others, problem].slice(-MAX_KEPT_PROBLEMS);
    this.#told(problem);
  }
}
