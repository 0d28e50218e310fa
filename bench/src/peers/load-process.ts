// The clients of one system, in a process of its own, with one clock for all of them.
import { JOB_VARIABLE } from '../record/process-report.ts';
import { loadAdapter, type PeerClient } from './adapter.ts';
import { countSockets } from './count-sockets.ts';
import type { LoadJob, LoadReport } from './jobs.ts';

/** How long the last deliveries are waited for. */
const PATIENCE_MS = 10_000;
/** Timers are a millisecond late or more: what is left before an edit is due is waited for by looking at the clock. */
const SPIN_MS = 2;
/** Added to the number of an edit, so that no object stands there already; one process after another differs in another coordinate. */
const MARK_METRES = 1_000_000;
/** Between joining and the first edit. */
const SETTLE_MS = 1000;

const job: LoadJob = JSON.parse(process.env[JOB_VARIABLE] ?? 'null');
const { adapter: url, clients: count, rate, ids, warmUp, ...options } = job;
const edits = job.edits === 0 ? 0 : warmUp + job.edits;
const sockets = countSockets();
const adapter = await loadAdapter(url);
const dueMs: number[] = [];
const latenciesMs: number[] = [];
const all = Promise.withResolvers<void>();
const expected = edits * (count - 1);
let arrived = 0;

process.on('disconnect', () => process.exit());
const clients: PeerClient[] = [];
const joinMs: number[] = [];
const joinBytes: number[] = [];
if (job.isHeld) {
  const told = new Promise((resolve) => process.once('message', resolve));
  process.send?.({ event: 'ready' });
  await told;
}
for (let number = 0; number < count; number += 1) {
  const before = sockets.read();
  const startedMs = performance.now();
  const client = await adapter.connect({ ...options, number, moved: (x) => seen(number, x - MARK_METRES) });
  joinMs.push(performance.now() - startedMs);
  joinBytes.push(sockets.read() - before);
  if (client.objects() !== job.objects)
    throw new Error(`client ${number} shows ${client.objects()} of ${job.objects} objects`);
  clients.push(client);
}
const before = process.cpuUsage();
const written = sockets.written();
if (edits > 0) {
  await sleep(SETTLE_MS);
  process.send?.({ event: 'begins' });
  await write();
}
const { user, system } = process.cpuUsage(before);
const report: LoadReport = {
  latenciesMs,
  missing: expected - arrived,
  joinMs,
  joinBytes,
  bytesAnEdit: edits === 0 ? 0 : (sockets.written() - written) / edits,
  cpuMs: (user + system) / 1000,
};
process.send?.({ event: 'report', report }, () => process.exit());

/** An open loop: edits are made when they are due, whatever became of those before. */
async function write(): Promise<void> {
  const startMs = performance.now() + SPIN_MS;
  for (let mark = 0; mark < edits; mark += 1) {
    const due = startMs + (mark * 1000) / rate;
    dueMs.push(due);
    await until(due);
    clients[mark % count]?.move(ids[mark % ids.length] ?? '', [MARK_METRES + mark, 0, process.pid]);
  }
  if (expected > 0) await Promise.race([all.promise, sleep(PATIENCE_MS)]);
}

function seen(number: number, mark: number): void {
  const due = dueMs[mark];
  // Some systems show authors their own edits once more.
  if (due === undefined || mark % count === number) return;
  if (mark >= warmUp) latenciesMs.push(performance.now() - due);
  arrived += 1;
  if (arrived === expected) all.resolve();
}

async function until(timeMs: number): Promise<void> {
  const leftMs = timeMs - performance.now();
  if (leftMs > SPIN_MS) await sleep(leftMs - SPIN_MS);
  while (performance.now() < timeMs) await new Promise<void>((resolve) => setImmediate(resolve));
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
