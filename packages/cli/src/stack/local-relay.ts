import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type GuardedProcess, startGuarded } from './guarded-process.ts';
import type { OnProgress } from './progress.ts';
import { RELAY_ACCOUNT } from './relay-address.ts';
import type { Stack } from './stack.ts';
import { StackError } from './stack-error.ts';
import { untilAnswers } from './until-answers.ts';

/** A relay of the local stack that runs, in a process of its own. */
export interface LocalRelay {
  readonly url: string;
  /** Changes when it was started again. */
  readonly pid: number;
  /** Ends it as a power cut would. @param until when it is started again; default at once */
  kill(until?: Promise<void>): Promise<void>;
  /** Sends everybody away politely and ends it. May be called twice. */
  stop(): Promise<void>;
}

export interface LocalRelayOptions {
  readonly stack: Stack;
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal | undefined;
}

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const BOOT_DEADLINE_MS = 60_000;
const STOP_GRACE_MS = 10_000;
/** What clients are given to go elsewhere; here there is nowhere else. */
const DRAIN_MS = 200;
const RESTART_MS = 1000;
/** Whoever lives longer has begun well. */
const MIN_LIFE_MS = 5000;
/** One that ends sooner as often as this, one time after another, is broken. */
const MAX_SHORT_LIVES = 4;
const VARIABLE_PREFIX = 'WEFT_RELAY_';

/**
 * Starts the relay of a local stack, where its homeserver says that it is, and waits until it takes people in. One that ends
 * by itself is started again. However this process ends, the relay ends with it.
 *
 * @throws StackError `boot-failed`, `aborted`
 */
export async function startLocalRelay(options: LocalRelayOptions): Promise<LocalRelay> {
  const { stack, onProgress } = options;
  const { token } = await stack.account(RELAY_ACCOUNT);
  const { url } = stack.relay.transport;
  onProgress({ step: 'relay', message: `starting a relay on ${url}` });
  const relay = new SupervisedRelay(options, () => launch(stack, token));
  await relay.start();
  onProgress({ step: 'relay', message: 'the relay takes people in', fraction: 1 });
  return relay;
}

class SupervisedRelay implements LocalRelay {
  readonly url: string;
  readonly #options: LocalRelayOptions;
  readonly #launch: () => Promise<GuardedProcess>;
  #process: GuardedProcess | null = null;
  #startedMs = 0;
  #shortLives = 0;
  #isStopped = false;
  #mayStart: Promise<void> = Promise.resolve();
  #restart: NodeJS.Timeout | undefined;

  constructor(options: LocalRelayOptions, launch: () => Promise<GuardedProcess>) {
    this.#options = options;
    this.#launch = launch;
    this.url = options.stack.relay.transport.url;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  async start(): Promise<void> {
    const { signal } = this.#options;
    const child = await this.#launch();
    this.#process = child;
    this.#startedMs = performance.now();
    const url = this.url.replace(/^ws/, 'http');
    const outcome = await untilAnswers({ url, path: '/readyz', child, deadlineMs: BOOT_DEADLINE_MS, signal });
    if (outcome === 'answers') {
      void child.exited.then(() => this.#mayStart).then(() => this.#ended(child));
      return;
    }
    await child.stop(STOP_GRACE_MS);
    throw outcome === 'aborted' ? interrupted() : this.#failed();
  }

  async kill(until: Promise<void> = Promise.resolve()): Promise<void> {
    this.#mayStart = until;
    await this.#process?.kill();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#restart);
    await this.#process?.stop(STOP_GRACE_MS);
  }

  #ended(child: GuardedProcess): void {
    if (this.#isStopped || this.#process !== child) return;
    const { onProgress, stack } = this.#options;
    const wasShort = performance.now() - this.#startedMs < MIN_LIFE_MS;
    this.#shortLives = wasShort ? this.#shortLives + 1 : 0;
    if (this.#shortLives >= MAX_SHORT_LIVES) {
      onProgress({ step: 'notice', message: `the relay ends again and again, see ${stack.paths.relayLog}` });
      return;
    }
    onProgress({ step: 'notice', message: 'the relay ended by itself and is started again' });
    this.#restart = setTimeout(() => {
      this.start().catch((error: unknown) => {
        onProgress({ step: 'notice', message: error instanceof Error ? error.message : String(error) });
      });
    }, RESTART_MS);
  }

  #failed(): StackError {
    return new StackError('boot-failed', {
      what: `The relay did not begin to take people in on ${this.url}.`,
      hint: `Its log is ${this.#options.stack.paths.relayLog}; the worlds work without it, over Matrix alone.`,
    });
  }
}

async function launch(stack: Stack, token: string): Promise<GuardedProcess> {
  const { paths, relay, homeserverUrl } = stack;
  const log = await open(paths.relayLog, 'w', 0o600);
  return startGuarded({
    file: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', MAIN, 'relay', '--json'],
    env: {
      ...withoutRelaySettings(process.env),
      WEFT_RELAY_HOMESERVER_URL: homeserverUrl,
      WEFT_RELAY_TOKEN: token,
      WEFT_RELAY_SERVER_PORT: String(relay.port),
      WEFT_RELAY_SERVER_PUBLIC_URL: relay.transport.url,
      WEFT_RELAY_JOURNAL_DIRECTORY: paths.relayJournal,
      WEFT_RELAY_LIMITS_DRAIN_MS: String(DRAIN_MS),
    },
    output: log.fd,
    lifeline: 'channel',
  }).finally(() => log.close());
}

// A relay that somebody runs otherwise from the same shell is another one.
function withoutRelaySettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !name.startsWith(VARIABLE_PREFIX)),
  );
}

function interrupted(): StackError {
  return new StackError('aborted', {
    what: 'Starting the relay was interrupted.',
    hint: 'Nothing was left running.',
  });
}
