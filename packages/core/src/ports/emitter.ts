import type { Stop } from './timers.ts';

type Listener<T> = (value: T) => void;

export interface EmitterOptions<Events extends object> {
  /** Told what a listener threw. */
  readonly failed: (error: unknown) => void;
  /** Events that wait for their first listener, who is told of them at once: what must not be lost unheard. Default: none. */
  readonly held?: readonly (keyof Events)[];
}

/** How many events of one name wait for their first listener; of more, the oldest are forgotten. */
export const MAX_HELD_EVENTS = 1000;

/** Typed listeners. One that throws does not keep the others from being called. */
export class Emitter<Events extends object> {
  #listeners: { [Name in keyof Events]?: Set<Listener<Events[Name]>> } = {};
  #waiting: { [Name in keyof Events]?: Events[Name][] } = {};
  readonly #held: Set<keyof Events>;
  readonly #failed: (error: unknown) => void;

  constructor({ failed, held = [] }: EmitterOptions<Events>) {
    this.#failed = failed;
    this.#held = new Set(held);
  }

  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): Stop {
    const listeners = this.#listeners[name] ?? new Set();
    this.#listeners[name] = listeners;
    // A wrapper of its own, so that the same function added twice is called twice and removed once.
    const added = (value: Events[Name]): void => listener(value);
    listeners.add(added);
    const waiting = this.#waiting[name] ?? [];
    this.#held.delete(name);
    delete this.#waiting[name];
    for (const value of waiting) this.#tell(added, value);
    return () => listeners.delete(added);
  }

  emit<Name extends keyof Events>(name: Name, value: Events[Name]): void {
    if (this.#held.has(name)) {
      const waiting: Events[Name][] = this.#waiting[name] ?? [];
      waiting.push(value);
      if (waiting.length > MAX_HELD_EVENTS) waiting.shift();
      this.#waiting[name] = waiting;
    }
    for (const listener of [...(this.#listeners[name] ?? [])]) this.#tell(listener, value);
  }

  clear(): void {
    this.#listeners = {};
    this.#waiting = {};
  }

  #tell<T>(listener: Listener<T>, value: T): void {
    try {
      listener(value);
    } catch (error) {
      this.#failed(error);
    }
  }
}
