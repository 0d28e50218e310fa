import type { Stop } from '../timers.ts';

/** Typed listeners. One that throws does not keep the others from being called. */
export class Emitter<Events extends object> {
  #listeners: { [Name in keyof Events]?: Set<(value: Events[Name]) => void> } = {};
  readonly #failed: (error: unknown) => void;

  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  on<Name extends keyof Events>(name: Name, listener: (value: Events[Name]) => void): Stop {
    const listeners = this.#listeners[name] ?? new Set();
    this.#listeners[name] = listeners;
    // A wrapper of its own, so that the same function added twice is called twice and removed once.
    const added = (value: Events[Name]): void => listener(value);
    listeners.add(added);
    return () => listeners.delete(added);
  }

  emit<Name extends keyof Events>(name: Name, value: Events[Name]): void {
    for (const listener of [...(this.#listeners[name] ?? [])]) {
      try {
        listener(value);
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  clear(): void {
    this.#listeners = {};
  }
}
