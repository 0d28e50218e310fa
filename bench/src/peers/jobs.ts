import { isRecord } from '../record/process-report.ts';

/** What a server process is told. */
export interface ServeJob {
  /** The module of the system. */
  readonly adapter: string;
  readonly setting: string;
  /** A file of scene records, as JSON. */
  readonly scene: string;
  readonly directory: string;
  readonly ports?: readonly [relay: number, tickets: number];
}

/** What makes of a session that began one that has been running. */
export interface RunIn {
  readonly edits: number;
  readonly rate: number;
}

/** What a process with clients is told. */
export interface LoadJob {
  readonly adapter: string;
  readonly setting: string;
  readonly url: string;
  readonly clients: number;
  /** Objects that must be there before anything is measured. */
  readonly objects: number;
  /** Which objects are moved, in turn. */
  readonly ids: readonly string[];
  readonly frameBytes: number;
  /** Edits, and how many a second, of all clients together; 0 edits only join. */
  readonly edits: number;
  readonly rate: number;
  /** How many edits before those are made like them and not counted. */
  readonly warmUp: number;
  /** Edits after those that are not counted either, all of them seen before as many are counted once more; `null`: nothing follows. */
  readonly runIn: RunIn | null;
  /** The clients come when they are told to. */
  readonly isHeld: boolean;
}

/** What such a process measured. */
export interface LoadReport {
  /** From the time at which an edit was due until another client showed it, for each of those who did. */
  readonly latenciesMs: readonly number[];
  /** The same of the edits after those of `runIn`. */
  readonly runningMs: readonly number[];
  /** Deliveries that did not come. */
  readonly missing: number;
  readonly joinMs: readonly number[];
  /** What each client had read from its sockets when the scene was there. */
  readonly joinBytes: readonly number[];
  /** What all clients wrote to sockets for an edit. */
  readonly bytesAnEdit: number;
  readonly cpuMs: number;
}

export function isLoadReport(value: unknown): value is LoadReport {
  return isRecord(value) && Array.isArray(value.latenciesMs) && typeof value.missing === 'number';
}
