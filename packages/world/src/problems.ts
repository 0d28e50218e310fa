import {
  componentOf,
  type ObjectId,
  type Path,
  type Readable,
  type Scene,
  type SceneProblem,
  sameFields,
  sameRecords,
} from '@weft/core';
import type { RoomProblem } from '@weft/matrix';

/** Something that cannot be shown, read or saved as it is. The rest of the world goes on. */
export interface Problem {
  /** The object, where it is about one that the scene knows. */
  readonly object: ObjectId | null;
  /** Where it was found: an event (`type/state key`), the scene, or a part of the connection. */
  readonly where: string;
  /** `component.property`, where it is about one. */
  readonly path: string | null;
  /** The name of the world's rule that the object breaks; `null` where it is about something else. */
  readonly rule: string | null;
  /** What is in the object's way under that rule: the first few of those that it lets in, or a parent that will not do. */
  readonly clashes: readonly ObjectId[];
  /** What is wrong and what follows from it, as a sentence. */
  readonly message: string;
}

/** Of the room's and the connection's problems the newest are kept. */
export const MAX_ROOM_PROBLEMS = 200;

/** The scene's problems of this moment, and the newest ones of the room. */
export class ProblemList implements Readable<readonly Problem[]> {
  readonly #scene: Scene;
  readonly #listeners = new Set<() => void>();
  #room: readonly Problem[] = [];
  #sceneSeen: readonly SceneProblem[] = [];
  #roomSeen: readonly Problem[] = [];
  #value: readonly Problem[] = Object.freeze([]);

  /** @param room what was found in the room so far */
  constructor(scene: Scene, room: readonly RoomProblem[] = []) {
    this.#scene = scene;
    this.#room = room.slice(-MAX_ROOM_PROBLEMS).map(problemOfRoom);
  }

  /** Costs what changed since it was last asked for. */
  get value(): readonly Problem[] {
    const scene = this.#scene.problems;
    if (scene !== this.#sceneSeen || this.#room !== this.#roomSeen) {
      this.#sceneSeen = scene;
      this.#roomSeen = this.#room;
      const value = [...scene.map(problemOfScene), ...this.#room];
      // The scene lists its problems anew after every change.
      if (!sameRecords(value, this.#value)) this.#value = Object.freeze(value);
    }
    return this.#value;
  }

  subscribe(listener: () => void): () => void {
    const own = () => listener();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  add(problem: RoomProblem): Problem {
    const added = problemOfRoom(problem);
    // The room is read many times, and what is malformed in it is found each time.
    const others = this.#room.filter((known) => !sameFields(known, added));
    this.#room = [...others, added].slice(-MAX_ROOM_PROBLEMS);
    this.update();
    return added;
  }

  /** The scene changed. Costs nothing where nobody listens. */
  update(): void {
    if (this.#listeners.size === 0) return;
    const before = this.#value;
    if (this.value === before) return;
    for (const listener of [...this.#listeners]) listener();
  }
}

const NO_RULE = { rule: null, clashes: Object.freeze([]) } as const;

function problemOfScene(problem: SceneProblem): Problem {
  const path = problem.reason === 'schema' ? problem.path : null;
  const { rule, clashes } = problem.reason === 'rule' ? problem : NO_RULE;
  const { object } = problem;
  return Object.freeze({ object, where: 'scene', path, rule, clashes, message: sentence(problem) });
}

function sentence(problem: SceneProblem): string {
  switch (problem.reason) {
    case 'pending':
      return `It hangs from ${problem.parent}, which is not here: it is hidden until that arrives.`;
    case 'cycle':
      return `It hung from ${problem.parent}, which hangs from it: it was put at the top of the world.`;
    case 'too-deep':
      return 'It hangs too many levels below the top of the world: it is hidden.';
    case 'schema':
      return `${problem.path} wants ${problem.expected}: ${isDeclared(problem.path) ? 'it is shown as it was written' : 'readers see the default instead'}.`;
    case 'rule':
      return `The rule ${problem.rule} wants ${problem.expected}${besides(problem.clashes)}: it is hidden until that is so.`;
  }
}

/** Only what is built in has defaults. */
function isDeclared(path: Path): boolean {
  return componentOf(path).includes(':');
}

function besides(clashes: readonly ObjectId[]): string {
  return clashes.length === 0 ? '' : ` (in its way: ${clashes.join(', ')})`;
}

function problemOfRoom({ carrier, path, reason }: RoomProblem): Problem {
  return Object.freeze({ object: null, where: carrier, path, ...NO_RULE, message: reason });
}
