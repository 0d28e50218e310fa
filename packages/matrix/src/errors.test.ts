import { describe, expect, it } from 'vitest';
import { errorOfAnswer, HomeserverError } from './errors.ts';

describe('errors of a homeserver', () => {
  it.each([
    [401, 'M_UNKNOWN_TOKEN', 'unknown-token'],
    [403, 'M_FORBIDDEN', 'forbidden'],
    [404, 'M_NOT_FOUND', 'not-found'],
    [404, 'M_UNKNOWN', 'not-found'],
    [404, null, 'not-a-homeserver'],
    [400, 'M_BAD_JSON', 'bad-event'],
    [400, 'M_ROOM_IN_USE', 'in-use'],
    [400, 'M_UNSUPPORTED_ROOM_VERSION', 'unsupported'],
    [400, '__proto__', 'bad-event'],
    [413, 'M_TOO_LARGE', 'too-large'],
    [413, null, 'too-large'],
    [429, 'M_LIMIT_EXCEEDED', 'rate-limited'],
    [500, 'M_UNKNOWN', 'server'],
    [502, null, 'server'],
  ] as const)('%d %s is %s', (status, errcode, code) => {
    const error = errorOfAnswer('write', { status, errcode, message: 'm', retryAfterMs: null });
    expect(error).toMatchObject({ code, status, errcode });
    expect(error.retry).toBe(code === 'server' || code === 'rate-limited');
  });

  it('says what, why and what to do, in bounded length', () => {
    const error = new HomeserverError('forbidden', { what: 'write object a', got: 'x'.repeat(5000) });
    expect(error.message).toMatch(/^Cannot write object a: x+… Ask a steward/);
    expect(error.message.length).toBeLessThan(500);
    expect(
      errorOfAnswer('w', { status: 429, errcode: null, message: '', retryAfterMs: 7 }).retryAfterMs,
    ).toBe(7);
  });
});
