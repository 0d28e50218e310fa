import { afterAll } from 'vitest';

/** Files of unit tests share a process, in which libraries ask whether they are in a page: one that was told so once is broken for good. */
afterAll(() => {
  for (const name of ['document', 'window'])
    if (name in globalThis)
      throw new Error(`this file leaves a global "${name}": take it away again, by vi.unstubAllGlobals()`);
});
