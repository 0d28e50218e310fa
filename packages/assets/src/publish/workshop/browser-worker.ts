import { browserImaging } from '../thumbnail/browser-imaging.ts';
import { doWork } from './do-work.ts';
import type { Work } from './workshop.ts';

addEventListener('message', async ({ data }: MessageEvent<Work>) => {
  postMessage(await doWork(data, { encoder: async () => null, imaging: browserImaging }));
});
