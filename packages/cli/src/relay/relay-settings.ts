import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { RelayConfig, RelaySecrets } from '@weft/relay/config';
import type { Surroundings } from '../command.ts';
import { CommandError } from '../failure.ts';

/** A relay's configuration as this command line and environment give it; its directory is an absolute path. */
export interface RelaySettings {
  readonly config: RelayConfig;
  /** @throws ConfigError where there is neither a token nor a password */
  secrets(): RelaySecrets;
}

/**
 * Paths in a file are relative to it, others to where the person stands.
 *
 * @throws ConfigError, CommandError `no-file`, `not-json`
 */
export async function readRelaySettings(
  file: string | undefined,
  { environment, directory }: Pick<Surroundings, 'environment' | 'directory'>,
): Promise<RelaySettings> {
  const { readConfig, readSecrets } = await import('@weft/relay/config');
  const named = file ?? environment.WEFT_RELAY_CONFIG;
  const path = named === undefined || named === '' ? null : resolve(directory, named);
  const base = path === null ? directory : dirname(path);
  const read = readConfig(path ?? 'the environment', path === null ? {} : readJson(path), environment);
  const config = { ...read, journal: { ...read.journal, directory: resolve(base, read.journal.directory) } };
  return {
    config,
    secrets: () => readSecrets(config, environment, (each) => readFileSync(resolve(base, each), 'utf8')),
  };
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new CommandError('no-file', `The configuration cannot be read: ${messageOf(error)}.`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CommandError('not-json', `${path} is no JSON: ${messageOf(error)}.`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
