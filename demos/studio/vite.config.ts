import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Serves studio's sources, and builds them; `weft up` serves what is built. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  // What the entry loads only once it has a world to open; without this the first page waits for it.
  server: { warmup: { clientFiles: ['./src/editor-bundle.ts', './src/session/open-world.ts'] } },
  // What only threads import is found when the first of them starts, and would have the page load anew.
  optimizeDeps: {
    include: [
      '@gltf-transform/core',
      '@gltf-transform/extensions',
      '@gltf-transform/functions',
      'gltf-validator',
      'meshoptimizer',
      'three/examples/jsm/libs/meshopt_decoder.module.js',
    ],
  },
  // Threads load their parts when they need them, as the page does.
  worker: { format: 'es' },
  build: { target: 'es2024', sourcemap: true, chunkSizeWarningLimit: 2_000 },
});
