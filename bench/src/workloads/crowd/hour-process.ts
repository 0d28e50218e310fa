// In a process of its own: an hour of poses leaves nothing in the one that measures.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JOB_VARIABLE } from '../../record/process-report.ts';
import { type HourOptions, playHour } from './hour.ts';

const job: Omit<HourOptions, 'directory'> = JSON.parse(process.env[JOB_VARIABLE] ?? 'null');
process.on('disconnect', () => process.exit());
const directory = await mkdtemp(join(tmpdir(), 'weft-bench-'));
try {
  const report = await playHour({ ...job, directory });
  process.send?.({ event: 'report', report }, () => process.exit());
} finally {
  await rm(directory, { recursive: true, force: true });
}
