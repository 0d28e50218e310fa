import { systemTimers } from '../decode/system-timers.ts';
import { HiredWorkshop } from './hired-workshop.ts';
import { isWorked } from './is-worked.ts';
import { Turns } from './turns.ts';
import { MAX_WORKERS, type Worked, type Workshop } from './workshop.ts';

const TURNS = new Turns(MAX_WORKERS);

/** Works in web workers. */
export function openWorkshop(): Workshop {
  return new HiredWorkshop(
    (work, tell) => {
      const { promise, resolve, reject } = Promise.withResolvers<Worked>();
      const worker = new Worker(new URL('./browser-worker.ts', import.meta.url), { type: 'module' });
      worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (!isWorked(data)) reject(new Error('an answer that is none'));
        else if (data.work === 'told') tell(data.done, data.total);
        else resolve(data);
      });
      worker.addEventListener('error', ({ message }) => reject(new Error(message)));
      worker.postMessage(work);
      return {
        done: promise,
        give: (part) => worker.postMessage(part),
        dismiss: () => worker.terminate(),
      };
    },
    systemTimers,
    TURNS,
  );
}
