import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRecord, JOB_VARIABLE } from '../record/process-report.ts';
import type { SceneRecord } from './adapter.ts';
import { isLoadReport, type LoadJob, type LoadReport, type ServeJob } from './jobs.ts';
import type { System } from './systems.ts';

/** Objects that edits take in turn. */
const MAX_MOVED = 2000;

/** A server that runs, in a process of its own. */
export interface RunningServer {
  readonly system: System;
  readonly setting: string;
  readonly url: string;
  readonly ids: readonly string[];
  /** Its event loop stands still from now on. */
  stall(ms: number): void;
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
    return await use({ system, setting, url, ids, stall: (stallMs) => void server.send({ stallMs }) });
  } finally {
    child?.kill('SIGKILL');
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

export interface LoadOptions extends Pick<LoadJob, 'clients' | 'edits' | 'rate' | 'frameBytes'> {
  /** How long the server stands still in the middle of the edits; 0: not at all. */
  readonly stallMs: number;
}

/** Clients of a server in a fresh process: they join, and move objects where edits are asked for. */
export async function load(
  { system, setting, url, ids, stall }: RunningServer,
  { stallMs, ...options }: LoadOptions,
): Promise<LoadReport> {
  const job: LoadJob = {
    ...{ ...options, adapter: system.adapter, setting, url, objects: ids.length },
    // What a process is started with is bounded.
    ids: ids.slice(0, Math.min(options.edits, MAX_MOVED)),
  };
  const child = start('load-process.ts', job);
  try {
    if (stallMs > 0) {
      await next(child, ({ event }) => (event === 'begins' ? true : null));
      setTimeout(() => stall(stallMs), (options.edits * 1000) / options.rate / 2);
    }
    return await next(child, ({ report }) => (isLoadReport(report) ? report : null));
  } finally {
    child.kill('SIGKILL');
  }
}

/** A server process; whoever starts it ends it. */
export function startServer(job: ServeJob): ChildProcess {
  return start('serve-process.ts', job);
}

/** Where a server process is reached, once it is. @throws Error where it ends before */
export function urlOf(server: ChildProcess): Promise<string> {
  return next(server, ({ url }) => (typeof url === 'string' ? url : null));
}

function start(module: string, job: ServeJob | LoadJob): ChildProcess {
  return fork(new URL(module, import.meta.url), {
    env: { ...process.env, [JOB_VARIABLE]: JSON.stringify(job) },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** The first message that this makes something of. @throws Error where the process ends before */
function next<T>(
  child: ChildProcess,
  read: (message: Readonly<Record<string, unknown>>) => T | null,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      const found = isRecord(message) ? read(message) : null;
      if (found === null) return;
      child.off('message', onMessage);
      resolve(found);
    };
    child.on('message', onMessage);
    child.once('error', reject);
    child.once('exit', (code, by) => reject(new Error(`a process of the workload ended (${by ?? code})`)));
  });
}
