// Everybody who walks, in a process of its own with one clock for those who send and those who are told.
import { JOB_VARIABLE } from '../record/process-report.ts';
import { Crowd } from './crowd.ts';
import type { CrowdJob, CrowdStep } from './crowd-job.ts';
import { loadPoseAdapter } from './pose-adapter.ts';

const job: CrowdJob = JSON.parse(process.env[JOB_VARIABLE] ?? 'null');
const crowd = new Crowd(job, await loadPoseAdapter(job.adapter));

process.on('disconnect', () => process.exit());
process.on('message', (step: CrowdStep) => {
  const begins = (): void => void process.send?.({ event: 'begins' });
  crowd.step(step, begins).then(
    (report) => process.send?.({ event: 'report', report }),
    (error: unknown) => {
      // Whoever waits for the report learns by the end of this process.
      console.error(error);
      process.exit(1);
    },
  );
});
process.send?.({ event: 'ready' });
