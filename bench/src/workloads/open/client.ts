// A fresh process for each repetition: what is measured here starts from nothing, as a user's program does.
import { floor } from './floor.ts';
import { isJob, type Report } from './job.ts';
import { memory } from './memory.ts';
import { stages } from './stages.ts';
import { wholeOpen } from './whole-open.ts';

const job: unknown = JSON.parse(process.argv[2] ?? 'null');
if (!isJob(job)) throw new TypeError('client: the argument is no job');
const measure = { floor, stages, weft: wholeOpen }[job.system];
const { figures, held } = await measure(job);
const report: Report = { figures: [...figures, ...memory(held)] };
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
