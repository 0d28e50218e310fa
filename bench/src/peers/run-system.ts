import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CpuReading, readCpu, stallProcess } from '../process/serve-parent.ts';
import { nextMessage, startProcess, withProcess } from '../process/start-process.ts';
import type { SceneRecord } from './adapter.ts';
import { isLoadReport, type LoadJob, type LoadReport, type RunIn, type ServeJob } from './jobs.ts';
import type { System } from './systems.ts';

/** Objects that edits take in turn. */
const MAX_MOVED = 2000;

/** A server that runs, in a process of its own. */
export interface RunningServer {
  readonly system: System;
  readonly setting: string;
  readonly url: string;
  readonly ids: readonly string[];
  readonly signal: AbortSignal;
  /** Makes its event loop stand still; resolves when it does. */
  stall(ms: number): Promise<void>;
  /** What its process has used up to now. */
  cpu(): Promise<CpuReading>;
}

export interface ServerOptions {
  readonly system: System;
  readonly setting: string;
  readonly records: readonly SceneRecord[];
  readonly signal: AbortSignal;
}

/** Runs the server of a system for as long as `use` takes; nothing is left afterwards. */
export async function withServer<T>(
  { system, setting, records, signal }: ServerOptions,
  use: (server: RunningServer) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const directory = await mkdtemp(join(tmpdir(), 'weft-bench-'));
  let child: ChildProcess | null = null;
  try {
    const scene = join(directory, 'scene.json');
    await writeFile(scene, JSON.stringify(records));
    const job: ServeJob = { adapter: system.adapter, setting, scene, directory: join(directory, 'kept') };
    const server = startServer(job);
    child = server;
    const url = await urlOf(server);
    const ids = records.map(({ id }) => id);
    const stall = (stallMs: number): Promise<void> => stallProcess(server, stallMs);
    return await use({ system, setting, url, ids, signal, stall, cpu: () => readCpu(server) });
  } finally {
    child?.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

export interface LoadOptions extends Pick<LoadJob, 'clients' | 'edits' | 'rate' | 'warmUp' | 'frameBytes'> {
  /** Default: none. */
  readonly runIn?: RunIn;
  /** How long the server stands still, in the middle of the edits or, without any, as the clients come; 0: not at all. */
  readonly stallMs: number;
}

/** Clients of a server in a fresh process: they join, and move objects where edits are asked for. */
export function load(
  { system, setting, url, ids, signal, stall }: RunningServer,
  { stallMs, runIn, ...options }: LoadOptions,
): Promise<LoadReport> {
  const { edits, warmUp, rate } = options;
  const job: LoadJob = {
    ...{ ...options, adapter: system.adapter, setting, url, objects: ids.length, runIn: runIn ?? null },
    isHeld: stallMs > 0 && edits === 0,
    // What a process is started with is bounded.
    ids: ids.slice(0, Math.min(warmUp + edits + (runIn?.edits ?? 0), MAX_MOVED)),
  };
  const module = new URL('load-process.ts', import.meta.url);
  return withProcess(module, job, { signal }, async (child) => {
    if (job.isHeld) {
      await nextMessage(child, ({ event }) => (event === 'ready' ? true : null));
      await stall(stallMs);
      child.send({});
    } else if (stallMs > 0) {
      await nextMessage(child, ({ event }) => (event === 'begins' ? true : null));
      setTimeout(() => void stall(stallMs).catch(() => undefined), ((warmUp + edits / 2) * 1000) / rate);
    }
    return nextMessage(child, ({ report }) => (isLoadReport(report) ? report : null));
  });
}

/** A server process; whoever starts it ends it. */
export function startServer(job: ServeJob): ChildProcess {
  return startProcess(new URL('serve-process.ts', import.meta.url), job);
}

/** Where a server process is reached, once it is. @throws Error where it ends before */
export function urlOf(server: ChildProcess): Promise<string> {
  return nextMessage(server, ({ url }) => (typeof url === 'string' ? url : null));
}
