import { HiredWorkshop } from './hired-workshop.ts';
import { isWorked } from './is-worked.ts';
import type { Worked, Workshop } from './workshop.ts';

/** Works in web workers. */
export function openWorkshop(): Workshop {
  return new HiredWorkshop(
    (work) => {
      const { promise, resolve, reject } = Promise.withResolvers<Worked>();
      const worker = new Worker(new URL('./browser-worker.ts', import.meta.url), { type: 'module' });
      worker.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
        if (isWorked(data)) resolve(data);
        else reject(new Error('an answer that is none'));
      });
      worker.addEventListener('error', ({ message }) => reject(new Error(message)));
      worker.postMessage(work);
      return { done: promise, dismiss: () => worker.terminate() };
    },
    {
      after(ms, run) {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
    },
  );
}
