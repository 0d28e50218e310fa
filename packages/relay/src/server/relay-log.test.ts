import { describe, expect, test } from 'vitest';
import { createRelayLog, type RelayLogOptions } from './relay-log.ts';

function setUp(options: Partial<RelayLogOptions> = {}) {
  const lines: string[] = [];
  const log = createRelayLog({
    ...{ level: 'info', users: 'hashed', salt: Uint8Array.of(1) },
    write: (line) => lines.push(line),
    ...options,
  });
  return { log, lines, last: (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? '{}') };
}

const ALICE = '@alice/home.x=1:example.org';

describe('createRelayLog', () => {
  test('writes a line of JSON for what is grave enough', () => {
    const { log, lines, last } = setUp();
    log.debug({}, 'too small');
    log.warn({ room: '!a:b', worlds: 2 }, 'no more worlds');
    expect(lines.length).toBe(1);
    expect(lines[0]?.endsWith('\n')).toBe(true);
    expect(last()).toMatchObject({ level: 'warn', room: '!a:b', worlds: 2, msg: 'no more worlds' });
  });

  test('[RE16] hashes user ids wherever they stand, each to the same in one run and to another in the next', () => {
    const { log, lines, last } = setUp();
    log.info({ user: ALICE, deep: { inviter: ALICE } }, `${ALICE} came; (${ALICE})`);
    log.info({ error: new Error(`no room for ${ALICE}.`) }, 'refused');
    expect(lines.join()).not.toContain('alice');
    expect(lines.join()).not.toContain('example.org');
    const hashes = new Set(lines.join().match(/@[A-Za-z0-9_-]{12}/g));
    expect(hashes.size).toBe(1);
    expect(last()).toMatchObject({ error: { type: 'Error' } });
    const next = setUp({ salt: Uint8Array.of(2) });
    next.log.info({ user: ALICE }, 'again');
    expect([...hashes]).not.toContain(next.last().user);
  });

  test('[RE16] of ports, addresses and packages nothing is taken for a user', () => {
    const { log, last } = setUp();
    const message = 'ws://localhost:8095 at node_modules/@weft/relay/src/x.ts:1:2, #alias:example.org';
    log.info({}, message);
    expect(last().msg).toBe(message);
  });

  test('[RE16] leaves user ids as they are where the operator wants it', () => {
    const { log, last } = setUp({ users: 'plain' });
    log.info({ user: ALICE }, 'came');
    expect(last().user).toBe(ALICE);
  });

  test('[RE16] holds no secret, whoever writes it', () => {
    const { log, lines } = setUp();
    log.info(
      { token: 's3cret', ticket: 's3cret', password: 's3cret', content: 's3cret', nonce: 's3cret' },
      'x',
    );
    expect(lines.join()).not.toContain('s3cret');
  });
});
