// A fresh process for each burst: its author and whoever looks on.
import { JOB_VARIABLE } from '../../record/process-report.ts';
import type { Burst, BurstJob, BurstReport, BurstSystem } from './run.ts';

// Loaded when chosen: plain requests must not wait for a library that they do not use.
const SYSTEM_MODULES: Readonly<Record<BurstSystem, () => Promise<(burst: Burst) => Promise<BurstReport>>>> = {
  weft: async () => (await import('./weft.ts')).weftBurst,
  floor: async () => (await import('./floor.ts')).floorBurst,
  events: async () => (await import('./peer.ts')).eventsBurst,
};

const job: BurstJob = JSON.parse(process.env[JOB_VARIABLE] ?? 'null');
process.on('disconnect', () => process.exit());
const measure = await SYSTEM_MODULES[job.system]();
const report = await measure({ ...job, begins: () => void process.send?.({ event: 'begins' }) });
process.send?.({ report }, () => process.exit());
