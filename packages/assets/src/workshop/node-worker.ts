import { parentPort, workerData } from 'node:worker_threads';
import { openDecoder } from '../decode/node-decoder.ts';
import { startNodeHash } from '../hash/node-hash.ts';
import { nodeImaging } from '../publish/thumbnail/node-imaging.ts';
import { buffersOf } from './buffers-of.ts';
import { doWork } from './do-work.ts';
import { PartQueue } from './part-queue.ts';
import type { Told, Work, WorkPart } from './workshop.ts';

const work: Work = workerData;
const parts = new PartQueue();
const tools = {
  ...{ encoder: async () => (await import('sharp')).default, imaging: nodeImaging },
  ...{ startHash: startNodeHash, openDecoder },
};

function tell(done: number, total: number): void {
  parentPort?.postMessage({ work: 'told', done, total } satisfies Told);
}

parentPort?.on('message', (part: WorkPart) => parts.push(part));
const worked = await doWork(work, tools, { parts, tell });
parentPort?.postMessage(worked, buffersOf(worked));
// Nothing more comes, and who listens keeps its thread alive.
parentPort?.close();
