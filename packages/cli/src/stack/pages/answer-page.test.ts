import { expect, test } from 'vitest';
import { answerPage } from './answer-page.ts';

const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const FILES = new Map([
  ['/index.html', bytes('<title>Studio</title>')],
  ['/assets/index-BHyK4CqZ.js', bytes('1')],
  ['/assets/decoder-D2x.wasm', bytes('2')],
]);
const PAGES = { '/': '/index.html', '/builder': '/index.html' };
const get = (url: string, method = 'GET') => answerPage({ method, url }, FILES, PAGES);

test('gives a file by its path, with its type, whatever is asked of it', () => {
  expect(get('/assets/index-BHyK4CqZ.js?x=1')).toMatchObject({
    status: 200,
    headers: { 'content-type': 'text/javascript; charset=utf-8', 'x-content-type-options': 'nosniff' },
    body: FILES.get('/assets/index-BHyK4CqZ.js'),
  });
  expect(get('/assets/decoder-D2x.wasm').headers['content-type']).toBe('application/wasm');
});

test('keeps for good only what is named by its content', () => {
  expect(get('/assets/index-BHyK4CqZ.js').headers['cache-control']).toContain('immutable');
  expect(get('/builder').headers['cache-control']).toBe('no-cache');
});

test('shows a page under its other names, and under no name that objects have', () => {
  expect(get('/builder').body).toBe(FILES.get('/index.html'));
  for (const url of ['/visitor', '/__proto__', '/constructor', '__proto__', ''])
    expect(get(url).status, url).toBe(404);
});

test('tells the length of what it does not send', () => {
  expect(get('/', 'HEAD')).toMatchObject({ status: 200, headers: { 'content-length': '21' } });
  expect(get('/', 'HEAD').body).toHaveLength(0);
  expect(get('/', 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
});

test.each(['/../index.html', '/assets/../index.html', '/%2e%2e/index.html', '//index.html', '/index.html/'])(
  'makes no path of %s',
  (url) => {
    expect(get(url).status).toBe(404);
  },
);
