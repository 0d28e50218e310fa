import Type from 'typebox';
import { Value } from 'typebox/value';
import { ConfigError } from './config-error.ts';
import type { Environment } from './read-config.ts';
import type { RelayConfig, RelaySecrets } from './relay-config.ts';

const Registration = Type.Object({
  as_token: Type.String({ minLength: 1 }),
  id: Type.String({ minLength: 1 }),
});

/**
 * How to sign in, from the environment or from the files that the configuration names. `readText` reads a file.
 *
 * @throws ConfigError where there is neither a token, nor a registration, nor a user with a password, or a file cannot be read
 */
export function readSecrets(
  { homeserver }: RelayConfig,
  environment: Environment,
  readText: (path: string) => string,
): RelaySecrets {
  const token =
    present(environment.WEFT_RELAY_TOKEN) ?? fromFile('tokenFile', homeserver.tokenFile, readText);
  const password =
    present(environment.WEFT_RELAY_PASSWORD) ?? fromFile('passwordFile', homeserver.passwordFile, readText);
  const { registrationFile } = homeserver;
  const registration = fromFile('registrationFile', registrationFile, readText);
  const appservice = registration === null ? null : readRegistration(registration, registrationFile);
  if (token === null && appservice === null && (password === null || homeserver.user === ''))
    throw new ConfigError('the configuration', [
      'homeserver: expected an access token (WEFT_RELAY_TOKEN or homeserver.tokenFile), homeserver.registrationFile, or homeserver.user with a password (WEFT_RELAY_PASSWORD or homeserver.passwordFile), got none.',
    ]);
  return { token, password, appservice, metricsToken: present(environment.WEFT_RELAY_METRICS_TOKEN) };
}

function readRegistration(json: string, path: string): RelaySecrets['appservice'] {
  try {
    const read: unknown = JSON.parse(json);
    if (Value.Check(Registration, read)) return { token: read.as_token, user: read.id };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new ConfigError('the configuration', [
    `homeserver.registrationFile: expected what "weft relay registration" writes, with as_token and id, as JSON, got something else in ${path}.`,
  ]);
}

function fromFile(name: string, path: string, readText: (path: string) => string): string | null {
  if (path === '') return null;
  try {
    const secret = present(readText(path));
    if (secret !== null) return secret;
  } catch (error) {
    throw new ConfigError('the configuration', [
      `homeserver.${name}: expected a file that can be read, got ${error instanceof Error ? error.message : String(error)}.`,
    ]);
  }
  throw new ConfigError('the configuration', [
    `homeserver.${name}: expected a file with one line, got an empty one.`,
  ]);
}

function present(value: string | undefined): string | null {
  return value === undefined || value.trim() === '' ? null : value.trim();
}
