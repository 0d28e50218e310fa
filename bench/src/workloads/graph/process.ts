// A fresh process for each repetition: nothing is compiled, cached or on the heap that an earlier one left.
import { JOB_VARIABLE, type Report } from '../../record/process-report.ts';
import { isJob } from './job.ts';

// Loaded when chosen: plain JSON must not carry Weft in its memory.
const TASK_MODULES = {
  parse: async () => (await import('./parse.ts')).measureParse,
  'first reads': async () => (await import('./first-reads.ts')).measureFirstReads,
  'plain memory': async () => (await import('./parse.ts')).measurePlainMemory,
  open: async () => (await import('./open-blob.ts')).measureOpen,
  memory: async () => (await import('./open-blob.ts')).measureMemory,
  edits: async () => (await import('./edits.ts')).measureEdits,
  'edits with rules': async () => (await import('./edits.ts')).measureEditsWithRules,
};

const job: unknown = JSON.parse(process.env[JOB_VARIABLE] ?? 'null');
if (!isJob(job)) throw new TypeError(`graph: ${JOB_VARIABLE} holds no job`);
const measure = await TASK_MODULES[job.task]();
const report: Report = { figures: measure(job) };
process.stdout.write(`${JSON.stringify(report)}\n`);
