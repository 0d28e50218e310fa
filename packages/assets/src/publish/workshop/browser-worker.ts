import { doWork } from './do-work.ts';
import type { Work } from './workshop.ts';

addEventListener('message', async ({ data }: MessageEvent<Work>) => {
  // A canvas of the browser takes the place of an encoder.
  postMessage(await doWork(data, async () => null));
});
