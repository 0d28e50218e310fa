import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findFreePort } from './ports.ts';
import { type Studio, serveStudio } from './studio-server.ts';

const session = {
  homeserver: 'http://127.0.0.1:8008',
  userId: '@builder:localhost:8008',
  token: 'syt_secret',
  deviceId: 'DEVICE',
  world: '!room',
};

let root: string;
let studio: Studio | null = null;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'weft-(studio)-[1]-')));
  await mkdir(join(root, '.weft', 'instances'), { recursive: true });
  await writeFile(join(root, '.weft', 'instances', 'accounts.json'), '{"token":"syt_secret"}');
  await writeFile(
    join(root, 'index.html'),
    '<title>Studio</title><script type="module" src="/main.ts"></script>',
  );
  await writeFile(join(root, 'main.ts'), "const title: string = 'of the program'; document.title = title;");
});

afterEach(async () => {
  await studio?.close();
  studio = null;
  await rm(root, { recursive: true, force: true });
});

async function serve(port?: number): Promise<Studio> {
  studio = await serveStudio({ root, directory: join(root, '.weft'), port, sessions: { builder: session } });
  return studio;
}

/** What the page asks for first. */
async function programOf(port: number): Promise<string> {
  const page = await (await fetch(`http://127.0.0.1:${port}/builder`)).text();
  const entry = /<script[^>]*\bsrc="([^"]+)"/.exec(page)?.[1];
  const program = await fetch(new URL(entry ?? '/none', `http://127.0.0.1:${port}`));
  expect(program.headers.get('content-type')).toContain('javascript');
  return program.text();
}

/** As `fetch`, which does not let a program choose the Host header. */
function statusFor(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .once('error', reject)
      .end();
  });
}

describe('the studio’s server', () => {
  it('serves the page under the name of each session, its program, and the session to that page', async () => {
    const { links, port } = await serve();
    expect(links).toEqual({ builder: `http://127.0.0.1:${port}/builder` });
    const page = await fetch(links.builder ?? '', { headers: { accept: 'text/html' } });
    expect(await page.text()).toContain('<title>Studio</title>');
    expect(await programOf(port)).toContain('of the program');
    const own = await fetch(`http://127.0.0.1:${port}/session/builder.json`, {
      headers: { 'sec-fetch-site': 'same-origin' },
    });
    expect(await own.json()).toEqual(session);
  });

  it('gives nothing to a stranger’s page, whichever way it asks', async () => {
    const { port } = await serve();
    const url = `http://127.0.0.1:${port}/session/builder.json`;
    expect(await statusFor(url, { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await statusFor(url, { host: `evil.example:${port}`, 'sec-fetch-site': 'same-origin' })).toBe(403);
    const other = await fetch(`http://127.0.0.1:${port}/builder`, {
      headers: { origin: 'http://localhost:3000' },
    });
    expect(other.status).toBe(200);
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('serves what the page imports', async () => {
    const folder = join(root, 'node_modules', 'dependency');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{"name":"dependency","main":"index.js"}');
    await writeFile(join(folder, 'index.js'), 'module.exports = { greeting: "bundled" };');
    await writeFile(
      join(root, 'main.ts'),
      "import { greeting } from 'dependency'; document.title = greeting;",
    );
    const { port } = await serve();
    expect(await programOf(port)).toContain('bundled');
  });

  it('never serves a file of the folder that holds tokens', async () => {
    const { port } = await serve();
    const file = '.weft/instances/accounts.json';
    for (const path of [
      `/${file}`,
      `/@fs${root}/${file}`,
      `/${file}?raw`,
      `/${file}?url`,
      `/@fs${root}/${file}?import&raw`,
      `/assets/..%2f..%2f${file}`,
      '/main.ts',
    ]) {
      const reply = await fetch(`http://127.0.0.1:${port}${path}`);
      expect(reply.status, path).toBe(404);
      expect(await reply.text(), path).toMatch(/^There is no such page here/);
    }
  });

  it('listens where it did last time, and elsewhere when that port is taken', async () => {
    const wanted = await findFreePort();
    expect((await serve(wanted)).port).toBe(wanted);
    await studio?.close();
    const squatter = createServer().listen(wanted, '127.0.0.1');
    const { port } = await serve(wanted);
    squatter.close();
    expect(port).not.toBe(wanted);
  });

  it('says where it looked when there is no studio', async () => {
    await rm(join(root, 'index.html'));
    await expect(serve()).rejects.toMatchObject({ name: 'StackError', code: 'bad-file' });
  });
});
