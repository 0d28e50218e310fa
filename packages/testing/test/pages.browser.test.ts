import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAX_PAGES, pages } from '../src/browser/pages.ts';

const BODY = '<!doctype html><title>page</title><canvas></canvas>';

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(BODY));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}/` : '';
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

describe('pages', () => {
  test('opens pages that share nothing but the server', async () => {
    const [first, second] = await pages(2);
    await first.goto(url);
    await second.goto(url);
    await first.evaluate(() => localStorage.setItem('mine', 'yes'));
    expect(await second.evaluate(() => localStorage.getItem('mine'))).toBeNull();
  });

  test('draws with WebGL 2 without a graphics card', async () => {
    const [page] = await pages(1);
    await page.goto(url);
    const pixel = await page.evaluate(() => {
      const gl = document.querySelector('canvas')?.getContext('webgl2');
      if (gl == null) return null;
      gl.clearColor(1, 0.5, 0, 1);
      gl.clear(gl.COLOR_BUFFER_BIT);
      const rgba = new Uint8Array(4);
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, rgba);
      return [...rgba];
    });
    expect(pixel).toEqual([255, 128, 0, 255]);
  });

  test('forgives only the errors that the test is about', async () => {
    const [page] = await pages(1, { allowErrors: /on purpose/ });
    await page.goto(url);
    const seen = page.waitForEvent('pageerror');
    await page.evaluate(() => void Promise.reject(new Error('on purpose')));
    expect((await seen).message).toBe('on purpose');
  });

  test('refuses more pages than two cores can draw', async () => {
    await expect(pages(MAX_PAGES + 1)).rejects.toThrow(RangeError);
  });
});
