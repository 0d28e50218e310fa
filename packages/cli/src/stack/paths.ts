import { join, resolve } from 'node:path';
import { StackError } from './stack-error.ts';

/** The release that the local stack installs; tests and measurements name it. */
export const SYNAPSE_VERSION = '1.163.2';

/** Where the studio's sources are. */
export const STUDIO_ROOT = resolve(import.meta.dirname, '../../../../demos/studio');

export const DEFAULT_INSTANCE = 'main';

const INSTANCE_NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;

export interface InstallPaths {
  readonly folder: string;
  readonly venv: string;
  readonly python: string;
  readonly marker: string;
  readonly lock: string;
  readonly pipCache: string;
}

export function installPaths(directory: string): InstallPaths {
  const folder = join(directory, 'synapse');
  const venv = join(folder, SYNAPSE_VERSION);
  return {
    folder,
    venv,
    python: join(venv, 'bin', 'python'),
    marker: join(venv, 'complete'),
    lock: join(folder, `${SYNAPSE_VERSION}.lock`),
    pipCache: join(directory, 'cache', 'pip'),
  };
}

/** Where one local homeserver keeps everything it has. */
export interface InstancePaths {
  readonly folder: string;
  /** Port and server name: chosen once. */
  readonly instance: string;
  /** 0600: the registration secret and what tokens are made with. */
  readonly secrets: string;
  /** 0600: tokens of the users made here. */
  readonly accounts: string;
  readonly worlds: string;
  /** Who runs it right now; gone when nobody does. */
  readonly running: string;
  /** Held by Synapse itself while it lives. */
  readonly lock: string;
  readonly config: string;
  readonly logConfig: string;
  readonly signingKey: string;
  readonly database: string;
  readonly media: string;
  readonly log: string;
  /** What Synapse prints before its log is set up. */
  readonly console: string;
  /** What the relay acknowledged. */
  readonly relayJournal: string;
  /** What the relay says, as JSON; begun anew at each start. */
  readonly relayLog: string;
}

/** @throws StackError `bad-name` when the name cannot be a folder name on every system. */
export function instancePaths(directory: string, name: string): InstancePaths {
  if (!INSTANCE_NAME.test(name)) {
    throw new StackError('bad-name', {
      what: `"${name.slice(0, 64)}" cannot name a local instance.`,
      hint: 'Use 1 to 32 of a-z, 0-9, - and _, starting with a letter or a digit.',
    });
  }
  const folder = join(directory, 'instances', name);
  return {
    folder,
    instance: join(folder, 'instance.json'),
    secrets: join(folder, 'secrets.json'),
    accounts: join(folder, 'accounts.json'),
    worlds: join(folder, 'worlds.json'),
    running: join(folder, 'running.json'),
    lock: join(folder, 'lock'),
    config: join(folder, 'homeserver.yaml'),
    logConfig: join(folder, 'log.yaml'),
    signingKey: join(folder, 'signing.key'),
    database: join(folder, 'homeserver.db'),
    media: join(folder, 'media'),
    log: join(folder, 'homeserver.log'),
    console: join(folder, 'console.log'),
    relayJournal: join(folder, 'relay'),
    relayLog: join(folder, 'relay.log'),
  };
}
