/** Resolves at Ctrl-C, or when whoever reads the output has gone: the clean end of a command that runs until then. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Resolves as `untilAborted` does, with `true`; or with `false` after this time. */
export function abortedWithin(signal: AbortSignal, delayMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => end(false), delayMs);
    const stop = () => end(true);
    const end = (aborted: boolean): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      resolve(aborted);
    };
    if (signal.aborted) end(true);
    else signal.addEventListener('abort', stop, { once: true });
  });
}
