/**
 * What a server process does for the one that measures: it ends with it, and stands still when it is told to, as a server
 * does that computes or collects garbage.
 */
export function serveParent(): void {
  process.on('disconnect', () => process.exit());
  process.on('message', ({ stallMs }: { readonly stallMs: number }) => {
    const untilMs = performance.now() + stallMs;
    while (performance.now() < untilMs);
  });
}
