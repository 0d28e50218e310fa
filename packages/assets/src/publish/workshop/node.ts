import { Worker } from 'node:worker_threads';
import { HiredWorkshop } from './hired-workshop.ts';
import { isWorked } from './is-worked.ts';
import type { Worked, Workshop } from './workshop.ts';

/** What a worker may take of JavaScript's heap, in MiB; the bytes of models come on top. */
const MAX_HEAP_MIB = 1_024;

/** Works in threads of their own. */
export function openWorkshop(): Workshop {
  return new HiredWorkshop(
    (work) => {
      const { promise, resolve, reject } = Promise.withResolvers<Worked>();
      const worker = new Worker(new URL('./node-worker.ts', import.meta.url), {
        workerData: work,
        resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
      });
      worker.once('message', (message: unknown) => {
        if (isWorked(message)) resolve(message);
        else reject(new Error('an answer that is none'));
      });
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`its thread ended with code ${code}`)));
      return { done: promise, dismiss: () => void worker.terminate() };
    },
    {
      after(ms, run) {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    },
  );
}
