// The server of one system, in a process of its own: nothing of a client runs in it.
import { readFileSync } from 'node:fs';
import { JOB_VARIABLE } from '../record/process-report.ts';
import { loadAdapter } from './adapter.ts';
import type { ServeJob } from './jobs.ts';

const job: ServeJob = JSON.parse(process.env[JOB_VARIABLE] ?? 'null');
const adapter = await loadAdapter(job.adapter);
const { scene, adapter: _, ...options } = job;
const served = await adapter.serve({ ...options, records: JSON.parse(readFileSync(scene, 'utf8')) });

process.on('message', ({ stallMs }: { readonly stallMs: number }) => {
  const untilMs = performance.now() + stallMs;
  // The event loop stands still, as in a server that computes or collects garbage.
  while (performance.now() < untilMs);
});
process.on('disconnect', () => process.exit());
process.send?.({ url: served.url });
