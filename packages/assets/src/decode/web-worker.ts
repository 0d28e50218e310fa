import { answerJobs } from './answer-jobs.ts';
import type { DecodeRequest } from './decode-job.ts';

const carryOut = answerJobs(
  {
    // Each address stands here as a whole, since that is how bundlers find the file, and serve it from the page's own origin.
    files: {
      draco: {
        script: new URL('three/examples/jsm/libs/draco/gltf/draco_wasm_wrapper.js', import.meta.url).href,
        wasm: new URL('three/examples/jsm/libs/draco/gltf/draco_decoder.wasm', import.meta.url).href,
      },
      basis: {
        script: new URL('three/examples/jsm/libs/basis/basis_transcoder.js', import.meta.url).href,
        wasm: new URL('three/examples/jsm/libs/basis/basis_transcoder.wasm', import.meta.url).href,
      },
    },
    async read(address) {
      const response = await fetch(address);
      if (!response.ok) throw new Error(`${address} answered ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    },
    async run(script, name) {
      const source = new Blob([script, `\nexport default ${name};`], { type: 'text/javascript' });
      const address = URL.createObjectURL(source);
      try {
        const module: { readonly default: unknown } = await import(/* @vite-ignore */ address);
        return module.default;
      } finally {
        URL.revokeObjectURL(address);
      }
    },
  },
  (answer, handOver) => postMessage(answer, { transfer: [...handOver] }),
);

addEventListener('message', ({ data }: MessageEvent<DecodeRequest>) => void carryOut(data));
