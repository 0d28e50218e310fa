// The clients of one system, in a process of its own, with one clock for all of them.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
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
const { adapter: url, clients: count, ids, ...options } = job;
const readers = count - 1;
const sockets = countSockets();
const adapter = await loadAdapter(url);
const dueMs: number[] = [];
/** Of each edit where its latencies go; `null` where it is not counted. */
const counts: (number[] | null)[] = [];
const latenciesMs: number[] = [];
const runningMs: number[] = [];
let all = Promise.withResolvers<void>();
let expected = 0;
let arrived = 0;

process.on('disconnect', () => process.exit());
const clients: PeerClient[] = [];
const joinMs: number[] = [];
const joinBytes: number[] = [];
await adapter.prepare?.(options);
// Before it says that it is ready: what it does afterwards would hide a stall.
collectGarbage();
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
if (job.edits > 0) {
  const { edits, rate, warmUp, runIn } = job;
  await sleep(SETTLE_MS);
  process.send?.({ event: 'begins' });
  await write(rate, [...notCounted(warmUp), ...counted(edits, latenciesMs)]);
  if (runIn !== null) {
    await write(runIn.rate, notCounted(runIn.edits));
    await write(rate, counted(edits, runningMs));
  }
}
const { user, system } = process.cpuUsage(before);
const report: LoadReport = {
  latenciesMs,
  runningMs,
  missing: expected - arrived,
  joinMs,
  joinBytes,
  bytesAnEdit: dueMs.length === 0 ? 0 : (sockets.written() - written) / dueMs.length,
  cpuMs: (user + system) / 1000,
};
process.send?.({ event: 'report', report }, () => process.exit());

/** An open loop: edits are made when they are due, whatever became of those before. Resolves when all were seen, or in vain waited for. */
async function write(rate: number, marks: readonly (number[] | null)[]): Promise<void> {
  const startMs = performance.now() + SPIN_MS;
  all = Promise.withResolvers();
  expected += marks.length * readers;
  for (const [at, mark] of marks.entries()) {
    const number = dueMs.length;
    const due = startMs + (at * 1000) / rate;
    counts.push(mark);
    dueMs.push(due);
    await until(due);
    clients[number % count]?.move(ids[number % ids.length] ?? '', [MARK_METRES + number, 0, process.pid]);
  }
  if (arrived < expected) await Promise.race([all.promise, sleep(PATIENCE_MS)]);
}

// What loading modules left behind is nothing that a system under measurement has made.
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
}

function counted(edits: number, latencies: number[]): number[][] {
  return Array.from({ length: edits }, () => latencies);
}

function notCounted(edits: number): null[] {
  return Array.from({ length: edits }, () => null);
}

function seen(number: number, mark: number): void {
  const due = dueMs[mark];
  // Some systems show authors their own edits once more.
  if (due === undefined || mark % count === number) return;
  counts[mark]?.push(performance.now() - due);
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
