import { isRecord } from '../record/process-report.ts';

/** One object of the scene as plain values: what every system is given to hold. */
export interface SceneRecord {
  readonly id: string;
  /** By `component.property`. */
  readonly values: Readonly<Record<string, unknown>>;
}

export interface ServeOptions {
  /** One of the system's `settings`. */
  readonly setting: string;
  readonly records: readonly SceneRecord[];
  /** Where the system may keep what it keeps. */
  readonly directory: string;
  /** Where a server that comes back is found again; default: wherever there is room. */
  readonly ports?: readonly [relay: number, tickets: number];
}

export interface Served {
  readonly url: string;
  close(): Promise<void>;
}

export interface ConnectOptions {
  readonly url: string;
  readonly setting: string;
  /** Tells clients apart; counts from 0. */
  readonly number: number;
  /** For a system that has no encoding of its own: the bytes of one edit. */
  readonly frameBytes: number;
  /** Another client moved an object to a position whose first number is this. */
  readonly moved: (mark: number) => void;
}

export interface PeerClient {
  /** Objects that are there and can be read. */
  objects(): number;
  move(id: string, position: readonly [number, number, number]): void;
  close(): Promise<void>;
}

/** A system that carries a shared scene: its server and its client, each at home in a process of its own. */
export interface Adapter {
  serve(options: ServeOptions): Promise<Served>;
  /** What clients of this system have done before they join at all, each process once; default: nothing. */
  prepare?(options: Pick<ConnectOptions, 'url'>): Promise<void>;
  /** Resolves when the whole scene is there. */
  connect(options: ConnectOptions): Promise<PeerClient>;
}

/** @throws TypeError where the module is no adapter */
export async function loadAdapter(url: string): Promise<Adapter> {
  const module: unknown = await import(url);
  if (isAdapterModule<Adapter>(module)) return module;
  throw new TypeError(`${url}: expected serve and connect`);
}

/** Whether it has both; what they take is what the adapters of its folder take. */
export function isAdapterModule<A extends Record<'serve' | 'connect', unknown>>(value: unknown): value is A {
  return isRecord(value) && typeof value.serve === 'function' && typeof value.connect === 'function';
}
