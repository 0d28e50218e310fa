import type { DecodeAnswer } from './decode-job.ts';
import type { DecodeListener, DecodeThread } from './decoder.ts';

/** A decoder’s thread in a page. */
export function startThread({ answered, ended }: DecodeListener): DecodeThread {
  const worker = new Worker(new URL('./web-worker.ts', import.meta.url), { type: 'module' });
  worker.addEventListener('message', ({ data }: MessageEvent<DecodeAnswer>) => answered(data));
  worker.addEventListener('messageerror', () => ended('an answer that cannot be read'));
  worker.addEventListener('error', ({ message }) => ended(message || 'a thread that did not start'));
  return {
    post: (request, handOver) => worker.postMessage(request, [...handOver]),
    terminate: () => worker.terminate(),
  };
}
