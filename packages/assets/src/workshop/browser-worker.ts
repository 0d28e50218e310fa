import { webHash } from '../hash/web-hash.ts';
import { browserImaging } from '../publish/thumbnail/browser-imaging.ts';
import { buffersOf } from './buffers-of.ts';
import { doWork } from './do-work.ts';
import { InnerDecoder } from './inner-decoder.ts';
import { PartQueue } from './part-queue.ts';
import type { Told, Work, WorkPart } from './workshop.ts';

const decoder = new InnerDecoder();
const tools = {
  ...{ encoder: async () => null, imaging: browserImaging },
  ...{ startHash: webHash(crypto.subtle), openDecoder: () => decoder },
};
const parts = new PartQueue();

function tell(done: number, total: number): void {
  postMessage({ work: 'told', done, total } satisfies Told);
}

addEventListener('message', async ({ data }: MessageEvent<Work | WorkPart>) => {
  if ('part' in data) {
    parts.push(data);
    return;
  }
  const worked = await doWork(data, tools, { parts, tell });
  await decoder.settled();
  postMessage(worked, { transfer: buffersOf(worked) });
});
