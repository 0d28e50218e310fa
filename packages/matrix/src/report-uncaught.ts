/** As an EventTarget does with what a listener throws: it is reported as uncaught, and everybody else is still told. */
export function reportUncaught(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
