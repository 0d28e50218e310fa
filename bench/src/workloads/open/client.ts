// A fresh process for each repetition: what is measured here starts from nothing, as a user's program does.
import { JOB_VARIABLE, type Report } from '../../record/process-report.ts';
import { isJob } from './job.ts';
import { memory } from './memory.ts';

// Loaded when chosen: the floor must not carry Weft in its memory, and loading is part of what opening costs.
const SYSTEM_MODULES = {
  floor: () => import('./floor.ts'),
  stages: () => import('./stages.ts'),
  weft: () => import('./whole-open.ts'),
};

const job: unknown = JSON.parse(process.env[JOB_VARIABLE] ?? 'null');
if (!isJob(job)) throw new TypeError(`client: ${JOB_VARIABLE} holds no job`);
const { measure } = await SYSTEM_MODULES[job.system]();
const { figures, held } = await measure(job);
const report: Report = { figures: [...figures, ...memory(held)] };
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
