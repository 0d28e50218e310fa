import { Worker } from 'node:worker_threads';
import type { DecodeAnswer } from './decode-job.ts';
import type { DecodeListener, DecodeThread } from './decoder.ts';

// Of what the JavaScript of a decoder keeps; the bytes of models lie outside it, and are bounded by counting them.
const HEAP_MEGABYTES = 64;

/** A decoder’s thread in Node; it keeps no process alive. */
export function startThread({ answered, ended }: DecodeListener): DecodeThread {
  const worker = new Worker(new URL('./node-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MEGABYTES, maxYoungGenerationSizeMb: HEAP_MEGABYTES / 4 },
  });
  worker.unref();
  worker.on('message', (answer: DecodeAnswer) => {
    worker.unref();
    answered(answer);
  });
  worker.on('error', (error) => ended(error.message));
  worker.on('exit', () => ended('the end of its thread'));
  return {
    post(request, handOver) {
      worker.ref();
      worker.postMessage(request, [...handOver]);
    },
    terminate: () => void worker.terminate(),
  };
}
