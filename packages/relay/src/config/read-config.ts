import { isRelayUrl } from '@weft/protocol';
import { Value } from 'typebox/value';
import { ConfigError } from './config-error.ts';
import { nearest } from './nearest.ts';
import { PUBLIC_URL, RelayConfig } from './relay-config.ts';
import { SECTIONS, type Setting } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What stands in the environment besides the settings. */
const SECRETS: ReadonlySet<string> = new Set([
  'WEFT_RELAY_TOKEN',
  'WEFT_RELAY_PASSWORD',
  'WEFT_RELAY_METRICS_TOKEN',
  'WEFT_RELAY_CONFIG',
]);
const PREFIX = 'WEFT_RELAY_';
const MAX_SHOWN_CHARACTERS = 80;
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|::1|\[::1\])$/;

/**
 * The configuration that a file and the environment give together: a variable wins over the file, the file over the
 * default. `file` is what the file holds, decoded; `source` names it in errors.
 *
 * @throws ConfigError with everything that is wrong, not only the first thing
 */
export function readConfig(source: string, file: unknown, environment: Environment): RelayConfig {
  const problems: string[] = [];
  const sections = recordOf(source, file, problems);
  noteUnknown('', Object.keys(sections), SECTIONS, problems);
  noteUnknownVariables(environment, problems);
  const config: Record<string, unknown> = {};
  for (const { name, settings } of SECTIONS) {
    const given = recordOf(name, sections[name] ?? {}, problems);
    noteUnknown(`${name}.`, Object.keys(given), settings, problems);
    config[name] = Object.fromEntries(
      settings.map((setting) => [setting.name, read(setting, given[setting.name], environment, problems)]),
    );
  }
  if (problems.length === 0 && Value.Check(RelayConfig, config)) {
    problems.push(...clashes(config));
    if (problems.length === 0) return config;
  }
  throw new ConfigError(source, problems);
}

function read(setting: Setting, given: unknown, environment: Environment, problems: string[]): unknown {
  const variable = environment[setting.variable];
  const [value, where] =
    variable === undefined
      ? [given ?? setting.fallback, `${setting.section}.${setting.name}`]
      : [parse(setting, variable), setting.variable];
  if (Value.Check(setting.schema, value)) return value;
  problems.push(`${where}: expected ${setting.accepts}, got ${shown(value)}. ${setting.description}`);
  return setting.fallback;
}

function parse({ kind }: Setting, text: string): unknown {
  if (kind === 'count') return /^\d+$/.test(text.trim()) ? Number(text) : text;
  if (kind !== 'texts') return text.trim();
  const items = text.split(',').map((item) => item.trim());
  return items.filter((item) => item !== '');
}

/** What each setting allows and all of them together do not. */
function clashes({ server, homeserver, limits }: RelayConfig): string[] {
  const problems: string[] = [];
  if (homeserver.url === '')
    problems.push(
      'homeserver.url: expected https://host[:port], got nothing. The relay follows its worlds with an account on a homeserver.',
    );
  if (server.publicUrl !== '' && !isRelayUrl(server.publicUrl))
    problems.push(`server.publicUrl: expected ${PUBLIC_URL}, got ${shown(server.publicUrl)}.`);
  if (server.publicUrl === '' && !LOOPBACK.test(server.host))
    problems.push(
      `server.publicUrl: expected where clients reach the relay, got nothing, and it listens on ${server.host}, which is not only this machine.`,
    );
  if (limits.silenceMs <= 2 * limits.pingMs)
    problems.push(
      `limits.silenceMs: expected more than two pings (${2 * limits.pingMs} ms), got ${limits.silenceMs}. A socket would be given up before it could answer.`,
    );
  return problems;
}

function noteUnknown(
  prefix: string,
  names: readonly string[],
  known: readonly { readonly name: string }[],
  problems: string[],
): void {
  const expected = known.map(({ name }) => name);
  for (const name of names) {
    if (expected.includes(name)) continue;
    problems.push(`${prefix}${shown(name)}: there is no such setting; ${suggestion(name, expected)}`);
  }
}

// A variable that is spelt wrong would otherwise be ignored, and its limit be thought in force.
function noteUnknownVariables(environment: Environment, problems: string[]): void {
  const expected = SECTIONS.flatMap(({ settings }) => settings.map(({ variable }) => variable));
  for (const name of Object.keys(environment)) {
    if (!name.startsWith(PREFIX) || SECRETS.has(name) || expected.includes(name)) continue;
    problems.push(`${name}: no setting has such a variable; ${suggestion(name, [...expected, ...SECRETS])}`);
  }
}

function suggestion(name: string, expected: readonly string[]): string {
  const near = nearest(name, expected);
  return near === null ? `expected one of ${expected.slice(0, 12).join(', ')}` : `did you mean ${near}?`;
}

function recordOf(where: string, value: unknown, problems: string[]): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return Object.fromEntries(Object.entries(value));
  problems.push(`${where}: expected an object in braces, got ${shown(value)}.`);
  return {};
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= MAX_SHOWN_CHARACTERS ? text : `${text.slice(0, MAX_SHOWN_CHARACTERS)}…`;
}
