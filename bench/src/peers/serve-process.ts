// The server of one system, in a process of its own: nothing of a client runs in it.
import { readFileSync } from 'node:fs';
import { serveParent } from '../process/serve-parent.ts';
import { JOB_VARIABLE } from '../record/process-report.ts';
import { loadAdapter } from './adapter.ts';
import type { ServeJob } from './jobs.ts';

const job: ServeJob = JSON.parse(process.env[JOB_VARIABLE] ?? 'null');
const adapter = await loadAdapter(job.adapter);
const { scene, adapter: _, ...options } = job;
const served = await adapter.serve({ ...options, records: JSON.parse(readFileSync(scene, 'utf8')) });

serveParent();
process.send?.({ url: served.url });
