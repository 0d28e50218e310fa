import { type ReadonlySignal, signal } from '@preact/signals';

interface Followable<T> {
  readonly value: T;
  subscribe(listener: () => void): () => void;
}

/** A world's readable value as a signal, and the way to stop. */
export function follow<T>(readable: Followable<T>): readonly [ReadonlySignal<T>, () => void] {
  const mirror = signal(readable.value);
  const stop = readable.subscribe(() => {
    mirror.value = readable.value;
  });
  return [mirror, stop];
}
