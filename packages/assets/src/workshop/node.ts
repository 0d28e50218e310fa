import { Worker } from 'node:worker_threads';
import { systemTimers } from '../decode/system-timers.ts';
import { HiredWorkshop } from './hired-workshop.ts';
import { isWorked } from './is-worked.ts';
import { Turns } from './turns.ts';
import { MAX_WORKERS, type Worked, type Workshop } from './workshop.ts';

const TURNS = new Turns(MAX_WORKERS);

/** What a worker may take of JavaScript's heap, in MiB; the bytes of models come on top. */
const MAX_HEAP_MIB = 1_024;

/** Works in threads of their own. */
export function openWorkshop(): Workshop {
  return new HiredWorkshop(
    (work, tell) => {
      const { promise, resolve, reject } = Promise.withResolvers<Worked>();
      const worker = new Worker(new URL('./node-worker.ts', import.meta.url), {
        workerData: work,
        resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
      });
      worker.on('message', (message: unknown) => {
        if (!isWorked(message)) reject(new Error('an answer that is none'));
        else if (message.work === 'told') tell(message.done, message.total);
        else resolve(message);
      });
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`its thread ended with code ${code}`)));
      return {
        done: promise,
        give: (part) => worker.postMessage(part),
        dismiss: () => void worker.terminate(),
      };
    },
    systemTimers,
    TURNS,
  );
}
