import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Serves and builds studio; `weft up` starts it with its own port and a middleware for `/session`. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { target: 'es2024', sourcemap: true, chunkSizeWarningLimit: 2_000 },
});
