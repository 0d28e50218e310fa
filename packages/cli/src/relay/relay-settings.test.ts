import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readableLogLine } from './log-line.ts';
import { readRelaySettings } from './relay-settings.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weft-settings-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

const FILE = {
  homeserver: { url: 'https://matrix.example.org', tokenFile: 'token' },
  journal: { directory: 'kept' },
};

describe('readRelaySettings', () => {
  test('takes paths in a file relative to it, and those of the environment to where the person stands', async () => {
    writeFileSync(join(folder, 'relay.json'), JSON.stringify(FILE));
    writeFileSync(join(folder, 'token'), 's3cret\n');
    const settings = await readRelaySettings('relay.json', { environment: {}, directory: folder });
    expect(settings.config.journal.directory).toBe(join(folder, 'kept'));
    expect(settings.secrets().token).toBe('s3cret');
    const environment = { WEFT_RELAY_HOMESERVER_URL: 'https://matrix.example.org' };
    const bare = await readRelaySettings(undefined, { environment, directory: folder });
    expect(bare.config.journal.directory).toBe(join(folder, 'weft-relay'));
  });

  test('finds the file by the environment, and the flag wins', async () => {
    writeFileSync(join(folder, 'one.json'), JSON.stringify({ ...FILE, server: { port: 1 } }));
    writeFileSync(join(folder, 'two.json'), JSON.stringify({ ...FILE, server: { port: 2 } }));
    const surroundings = { environment: { WEFT_RELAY_CONFIG: 'one.json' }, directory: folder };
    expect((await readRelaySettings(undefined, surroundings)).config.server.port).toBe(1);
    expect((await readRelaySettings('two.json', surroundings)).config.server.port).toBe(2);
  });

  test('says by name that a file is not there, is no JSON, or is wrong', async () => {
    const read = (file: string) => readRelaySettings(file, { environment: {}, directory: folder });
    await expect(read('none.json')).rejects.toMatchObject({ code: 'no-file' });
    writeFileSync(join(folder, 'bad.json'), '{');
    await expect(read('bad.json')).rejects.toMatchObject({ code: 'not-json' });
    writeFileSync(join(folder, 'odd.json'), '{"limit": {}}');
    await expect(read('odd.json')).rejects.toMatchObject({ code: 'config' });
    await expect(read('odd.json')).rejects.toThrow(join(folder, 'odd.json'));
  });
});

describe('readableLogLine', () => {
  const time = Date.UTC(2026, 0, 1, 12, 30, 5);

  test('says when, what, and the rest of it', () => {
    const line = JSON.stringify({ level: 'info', time, room: '!a:b', worlds: 2, msg: 'a world is served' });
    expect(readableLogLine(line)).toBe('12:30:05 a world is served  room=!a:b  worlds=2');
  });

  test('says how grave it is, and of an error what it says', () => {
    const line = JSON.stringify({
      level: 'error',
      time,
      err: { message: 'no room', stack: 'at …' },
      msg: 'not kept',
    });
    expect(readableLogLine(line)).toBe('12:30:05 error: not kept  err=no room');
  });
});
