import { parentPort, workerData } from 'node:worker_threads';
import { doWork } from './do-work.ts';
import type { Work } from './workshop.ts';

const work: Work = workerData;

parentPort?.postMessage(await doWork(work, async () => (await import('sharp')).default));
