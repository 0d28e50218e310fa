import type { IncomingHttpHeaders } from 'node:http';
import { describe, expect, it } from 'vitest';
import { answerSession, type PageSession } from './session-route.ts';

const PORT = 5173;
const builder: PageSession = {
  homeserver: 'http://127.0.0.1:8008',
  userId: '@builder:localhost:8008',
  token: 'syt_secret',
  deviceId: 'DEVICE',
  world: '!room',
};

function ask(url: string, headers: IncomingHttpHeaders = {}, method = 'GET') {
  return answerSession(
    { method, url, headers: { host: `127.0.0.1:${PORT}`, ...headers } },
    { builder },
    PORT,
  );
}

describe('the session route', () => {
  it('gives a page of its own origin the session of the name it asks for', () => {
    const reply = ask('/session/builder.json', { 'sec-fetch-site': 'same-origin' });
    expect(reply?.status).toBe(200);
    expect(JSON.parse(reply?.body ?? '')).toEqual(builder);
    expect(reply?.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
  });

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['another port of this machine', { 'sec-fetch-site': 'same-site' }],
    ['an address typed into the bar', { 'sec-fetch-site': 'none' }],
    ['an old browser on another origin', { origin: 'http://127.0.0.1:3000' }],
    [
      'a stranger’s name that resolves to this machine',
      { host: `evil.example:${PORT}`, 'sec-fetch-site': 'same-origin' },
    ],
    ['our name with another port', { host: 'localhost:80', 'sec-fetch-site': 'same-origin' }],
  ])('refuses %s, and says nothing of the token', (_, headers) => {
    const reply = ask('/session/builder.json', headers);
    expect(reply?.status).toBe(403);
    expect(reply?.body).not.toContain(builder.token);
  });

  it('refuses any method but GET', () => {
    expect(ask('/session/builder.json', {}, 'POST')?.status).toBe(403);
  });

  it.each([
    '/session/nobody.json',
    '/session/constructor.json',
    '/session/__proto__.json',
    '/session/builder.json.map',
    '/session/',
  ])('has nothing at %s', (url) => {
    expect(ask(url)?.status).toBe(404);
  });

  it('leaves other paths to the studio', () => {
    expect(ask('/builder')).toBeNull();
  });
});
