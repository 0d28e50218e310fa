import { parentPort, workerData } from 'node:worker_threads';
import { nodeImaging } from '../thumbnail/node-imaging.ts';
import { doWork } from './do-work.ts';
import type { Work } from './workshop.ts';

const work: Work = workerData;

const encoder = async () => (await import('sharp')).default;

parentPort?.postMessage(await doWork(work, { encoder, imaging: nodeImaging }));
