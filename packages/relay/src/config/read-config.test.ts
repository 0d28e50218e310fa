import { describe, expect, test } from 'vitest';
import { ConfigError } from './config-error.ts';
import { readConfig } from './read-config.ts';
import { readSecrets } from './read-secrets.ts';
import { newRegistration } from './registration.ts';
import { SECTIONS } from './settings.ts';

const LEAST = { homeserver: { url: 'https://matrix.example.org' } };

function problemsOf(file: unknown, environment: Record<string, string> = {}): readonly string[] {
  try {
    readConfig('relay.json', file, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  test('[RE1] gives every setting its default where nothing is said', () => {
    const config = readConfig('relay.json', LEAST, {});
    for (const { name, settings } of SECTIONS) {
      const section = Object.entries(config).find(([key]) => key === name)?.[1] ?? {};
      for (const setting of settings) {
        if (setting.section === 'homeserver' && setting.name === 'url') continue;
        expect(Object.entries(section)).toContainEqual([setting.name, setting.fallback]);
      }
    }
  });

  test('[RE1] takes a variable over the file, and the file over the default', () => {
    const file = {
      ...LEAST,
      limits: { helloMs: 1000, pingMs: 2000 },
      server: { origins: ['https://a.example'] },
    };
    const config = readConfig('relay.json', file, {
      WEFT_RELAY_LIMITS_HELLO_MS: '1500',
      WEFT_RELAY_SERVER_ORIGINS: 'https://b.example, https://c.example',
      WEFT_RELAY_LOG_LEVEL: 'debug',
    });
    expect(config.limits.helloMs).toBe(1500);
    expect(config.limits.pingMs).toBe(2000);
    expect(config.server.origins).toEqual(['https://b.example', 'https://c.example']);
    expect(config.log.level).toBe('debug');
  });

  test('[RE1] holds every count at its bounds, and refuses it one past them', () => {
    for (const setting of SECTIONS.flatMap(({ settings }) => settings)) {
      if (setting.kind !== 'count') continue;
      const [minimum = 0, maximum = 0] = (setting.accepts.match(/\d+/g) ?? []).map(Number);
      const given = (value: number) => ({ ...LEAST, [setting.section]: { [setting.name]: value } });
      const own = (value: number) =>
        problemsOf(given(value)).filter((problem) =>
          problem.startsWith(`${setting.section}.${setting.name}: expected ${setting.accepts}`),
        );
      expect([own(minimum), own(maximum)], setting.name).toEqual([[], []]);
      expect([own(minimum - 1).length, own(maximum + 1).length, own(minimum + 0.5).length]).toEqual([
        1, 1, 1,
      ]);
    }
  });

  test('[RE1] says of everything that is wrong where, what was expected and what was got', () => {
    const problems = problemsOf(
      {
        homeserver: { url: 'matrix.example.org', token: 's3cret' },
        limits: { heloMs: 3 },
        worlds: { guests: 'yes' },
        servers: {},
      },
      { WEFT_RELAY_LIMIT_HELLO_MS: '4', WEFT_RELAY_SERVER_PORT: 'eighty' },
    );
    const all = problems.join('\n');
    expect(all).toContain('servers": there is no such setting; did you mean server?');
    expect(all).toContain(
      'WEFT_RELAY_LIMIT_HELLO_MS: no setting has such a variable; did you mean WEFT_RELAY_LIMITS_HELLO_MS?',
    );
    expect(all).toContain('homeserver.url: expected https://host[:port], got "matrix.example.org"');
    expect(all).toContain('limits."heloMs": there is no such setting; did you mean helloMs?');
    expect(all).toContain('worlds.guests: expected one of off, look, speak, play, got "yes"');
    expect(all).toContain('WEFT_RELAY_SERVER_PORT: expected a whole number from 0 to 65535, got "eighty"');
    expect(all).toContain('homeserver."token": there is no such setting');
    expect(all).not.toContain('s3cret');
  });

  test.each([null, [], 'text', 3])('[RE1] refuses a file that holds %j', (file) => {
    expect(problemsOf(file).join()).toContain('relay.json: expected an object in braces');
  });

  test('[RE1] refuses what each setting allows and all together do not', () => {
    expect(problemsOf({}).join()).toContain('homeserver.url: expected https://host[:port], got nothing');
    expect(problemsOf({ ...LEAST, server: { host: '0.0.0.0' } }).join()).toContain('server.publicUrl');
    expect(
      problemsOf({ ...LEAST, server: { host: '0.0.0.0', publicUrl: 'wss://relay.example.org' } }),
    ).toEqual([]);
    expect(problemsOf({ ...LEAST, limits: { pingMs: 1000, silenceMs: 2000 } }).join()).toContain(
      'limits.silenceMs',
    );
    expect(problemsOf({ ...LEAST, limits: { pingMs: 1000, silenceMs: 2001 } })).toEqual([]);
  });

  test.each([
    ['wss://relay.example.org', true],
    ['wss://relay.example.org:8443/weft', true],
    ['ws://localhost:8095', true],
    ['ws://[::1]:8095', true],
    ['ws://relay.example.org', false],
    ['ws://localhost.example.org', false],
    ['https://relay.example.org', false],
    ['wss://relay.example.org/?a=b', false],
    ['wss://relay.example.org/', false],
  ])('[RE1] of the public address %s it says %s', (publicUrl, isFine) => {
    expect(problemsOf({ ...LEAST, server: { publicUrl } }).length === 0).toBe(isFine);
  });
});

describe('readSecrets', () => {
  const config = (homeserver: object) =>
    readConfig('relay.json', { homeserver: { ...LEAST.homeserver, ...homeserver } }, {});
  const files = (path: string): string => {
    if (path === '/run/token') return 'from a file\n';
    if (path === '/run/empty') return '\n';
    throw new Error(`ENOENT: no such file, open '${path}'`);
  };

  test('[RE1] takes the environment over a file', () => {
    const withFile = config({ tokenFile: '/run/token' });
    expect(readSecrets(withFile, {}, files).token).toBe('from a file');
    expect(readSecrets(withFile, { WEFT_RELAY_TOKEN: ' mine ' }, files).token).toBe('mine');
  });

  test('[RE1] wants a token, a registration, or a user with a password', () => {
    expect(() => readSecrets(config({}), {}, files)).toThrow('got none');
    expect(() => readSecrets(config({}), { WEFT_RELAY_PASSWORD: 'x' }, files)).toThrow('got none');
    expect(readSecrets(config({ user: 'relay' }), { WEFT_RELAY_PASSWORD: 'x' }, files).password).toBe('x');
  });

  test('[RE1] names a file that cannot be read, or is empty', () => {
    const registered = (text: string) =>
      readSecrets(config({ registrationFile: '/run/service' }), {}, () => text);
    const made = newRegistration('relay', (length) => new Uint8Array(length));
    expect(registered(JSON.stringify(made)).appservice).toEqual({ token: made.as_token, user: 'relay' });
    for (const wrong of ['id: relay', '{}', '[]', '{"id":"relay","as_token":""}'])
      expect(() => registered(wrong)).toThrow('homeserver.registrationFile: expected what');
    expect(() => readSecrets(config({ tokenFile: '/run/none' }), {}, files)).toThrow(
      'homeserver.tokenFile: expected a file that can be read',
    );
    expect(() => readSecrets(config({ tokenFile: '/run/empty' }), {}, files)).toThrow('got an empty one');
  });
});
