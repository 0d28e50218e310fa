/** Who listens to what: each event by its name, with its own argument. */
export class Listeners<Events extends object> {
  readonly #all: { [Name in keyof Events]?: Set<(value: Events[Name]) => void> } = {};

  /** @returns what stops it */
  on<Name extends keyof Events>(event: Name, listener: (value: Events[Name]) => void): () => void {
    // Wrapped, so that one function added twice is two listeners.
    const own = (value: Events[Name]) => listener(value);
    const listeners = this.#all[event] ?? new Set();
    this.#all[event] = listeners.add(own);
    return () => void listeners.delete(own);
  }

  emit<Name extends keyof Events>(event: Name, value: Events[Name]): void {
    for (const listener of [...(this.#all[event] ?? [])]) {
      try {
        listener(value);
      } catch (error) {
        // As an EventTarget does: the fault is reported as uncaught, and everybody else is still told.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  clear(): void {
    for (const event of Object.keys(this.#all)) Reflect.deleteProperty(this.#all, event);
  }
}
