import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Serves and builds studio; `weft up` starts it with its own port and a middleware for `/session`. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // What the entry loads only once it has a world to open; without this the first page waits for it.
  server: { warmup: { clientFiles: ['./src/editor-bundle.ts', './src/session/open-world.ts'] } },
  build: { target: 'es2024', sourcemap: true, chunkSizeWarningLimit: 2_000 },
});
