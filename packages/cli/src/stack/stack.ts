import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Account, type AccountKind, Accounts } from './accounts.ts';
import { installSynapse } from './install-synapse.ts';
import { eraseInstance, type InstanceSettings, prepareInstance } from './instance.ts';
import { DEFAULT_INSTANCE, type InstancePaths, instancePaths } from './paths.ts';
import type { OnProgress } from './progress.ts';
import type { RelayAddress } from './relay-address.ts';
import { claimRunning, releaseRunning, updateRunning } from './running.ts';
import { bootSynapse, type Synapse } from './synapse.ts';
import { type FederationConfig, LOOPBACK, type RateLimits } from './synapse-config.ts';

export interface StackOptions {
  /** The folder that holds everything: `<repository>/.weft`. Nothing outside it is written. */
  readonly directory: string;
  /** Default `'main'`. Instances share the installed Synapse and nothing else. */
  readonly instance?: string;
  /** Default `'relaxed'`. Takes effect at this start, also for an instance that was started otherwise before. */
  readonly rateLimits?: RateLimits;
  /** Default true: serves `state_after` (MSC4222), as a stock Synapse does not. */
  readonly stateAfter?: boolean;
  /** Default true: has sticky and delayed events and says which transports it offers, as a stock Synapse does not. */
  readonly rtcDrafts?: boolean;
  /** Default: it talks to no other server. */
  readonly federation?: FederationConfig;
  /** Files that register application services. Default: none. */
  readonly appservices?: readonly string[];
  /** Default false. Forget what the instance held: users, worlds, media. */
  readonly fresh?: boolean;
  readonly onProgress?: OnProgress;
  /** Interrupts installing and booting; afterwards use `stop()`. */
  readonly signal?: AbortSignal;
}

/** A local homeserver that runs. */
export interface Stack {
  /** `http://127.0.0.1:PORT`, no slash at the end. The same after a restart. */
  readonly homeserverUrl: string;
  readonly paths: InstancePaths;
  /** Where a relay is to listen that its homeserver tells of; starting it is another matter. */
  readonly relay: RelayAddress;
  /** The homeserver's process; changes with a restart. */
  readonly synapsePid: number;
  /** Resolves when Synapse ends without having been asked to; never rejects. */
  readonly crashed: Promise<void>;
  /** The user of this name, made if there is none. Costs one request, none the second time. */
  account(name: string, kind?: AccountKind): Promise<Account>;
  /** Says in the running file what a second start and `down` can show. */
  announce(links: Readonly<Record<string, string>>, relay?: string): Promise<void>;
  /** Stops Synapse, unless it was killed, and starts it again on the same data and port. */
  restart(): Promise<void>;
  /** Ends Synapse as a power cut would, without a chance to write anything down; `restart` brings it back. */
  kill(): Promise<void>;
  /** Stops Synapse and gives the instance back. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Installs Synapse if it is not installed (about 35 s), makes the instance if there is none, starts it (about 2.5 s)
 * and waits until it answers. However this process ends, Synapse ends with it.
 * @throws StackError
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const onProgress = options.onProgress ?? (() => undefined);
  const directory = resolve(options.directory);
  const paths = instancePaths(directory, options.instance ?? DEFAULT_INSTANCE);
  await mkdir(paths.folder, { recursive: true });
  await claimRunning(paths.running);
  try {
    const python = await installSynapse({ directory, onProgress, signal: options.signal });
    if (options.fresh === true) await eraseInstance(paths);
    const instance = await prepareInstance(paths, settingsOf(options), onProgress);
    const homeserverUrl = `http://${LOOPBACK}:${instance.port}`;
    onProgress({ step: 'boot', message: `starting Synapse on ${homeserverUrl}` });
    const boot = () => bootSynapse(python, paths, homeserverUrl, options.signal);
    const synapse = await boot();
    await updateRunning(paths.running, { homeserver: homeserverUrl, links: {} });
    onProgress({ step: 'boot', message: 'Synapse answers', fraction: 1 });
    const accounts = new Accounts({
      homeserver: homeserverUrl,
      registrationSecret: instance.registrationSecret,
      file: paths.accounts,
    });
    return new RunningStack({ homeserverUrl, paths, relay: instance.relay, accounts, boot, synapse });
  } catch (error) {
    await releaseRunning(paths.running);
    throw error;
  }
}

function settingsOf(options: StackOptions): InstanceSettings {
  const { rateLimits, stateAfter, rtcDrafts, federation, appservices } = options;
  return {
    rateLimits: rateLimits ?? 'relaxed',
    stateAfter: stateAfter ?? true,
    rtcDrafts: rtcDrafts ?? true,
    federation: federation ?? null,
    appservices: appservices ?? [],
  };
}

interface RunningStackParts {
  readonly homeserverUrl: string;
  readonly paths: InstancePaths;
  readonly relay: RelayAddress;
  readonly accounts: Accounts;
  readonly boot: () => Promise<Synapse>;
  readonly synapse: Synapse;
}

class RunningStack implements Stack {
  readonly homeserverUrl: string;
  readonly paths: InstancePaths;
  readonly relay: RelayAddress;
  readonly crashed: Promise<void>;
  readonly #parts: RunningStackParts;
  #synapse: Synapse;
  #expectedEnd = false;
  #reportCrash: () => void = () => undefined;

  constructor(parts: RunningStackParts) {
    this.homeserverUrl = parts.homeserverUrl;
    this.paths = parts.paths;
    this.relay = parts.relay;
    this.#parts = parts;
    this.#synapse = parts.synapse;
    this.crashed = new Promise((resolve) => {
      this.#reportCrash = resolve;
    });
    this.#watch();
  }

  get synapsePid(): number {
    return this.#synapse.pid;
  }

  account(name: string, kind?: AccountKind): Promise<Account> {
    return this.#parts.accounts.get(name, kind);
  }

  announce(links: Readonly<Record<string, string>>, relay?: string): Promise<void> {
    const running = { homeserver: this.homeserverUrl, links, ...(relay === undefined ? {} : { relay }) };
    return updateRunning(this.paths.running, running);
  }

  async restart(): Promise<void> {
    this.#expectedEnd = true;
    await this.#synapse.stop();
    this.#synapse = await this.#parts.boot();
    this.#expectedEnd = false;
    this.#watch();
  }

  async kill(): Promise<void> {
    this.#expectedEnd = true;
    await this.#synapse.kill();
  }

  async stop(): Promise<void> {
    this.#expectedEnd = true;
    await this.#synapse.stop();
    await releaseRunning(this.paths.running);
  }

  #watch(): void {
    void this.#synapse.exited.then(() => {
      if (!this.#expectedEnd) this.#reportCrash();
    });
  }
}
