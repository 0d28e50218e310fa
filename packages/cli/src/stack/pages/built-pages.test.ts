import { mkdtemp, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { builtPages } from './built-pages.ts';

let root: string;
let cache: string;

beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'weft-pages-')));
  cache = join(root, 'cache');
  await writeFile(join(root, 'index.html'), '<script type="module" src="/main.ts"></script>');
  await writeFile(
    join(root, 'main.ts'),
    "new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }); document.title = 'of the page';",
  );
  await writeFile(join(root, 'worker.ts'), "postMessage('of the worker');");
});

afterEach(() => rm(root, { recursive: true, force: true }));

const build = () => builtPages({ root, pages: ['index.html'], cache });

/** All that was built, as text. */
async function built(): Promise<string> {
  return [...(await build()).values()].map((bytes) => Buffer.from(bytes).toString()).join('\n');
}

async function keptFile(): Promise<string> {
  const [name, ...others] = await readdir(cache);
  expect(others).toEqual([]);
  return join(cache, name ?? expect.fail('nothing was kept'));
}

test('builds pages and their workers once', async () => {
  const files = await build();
  expect([...files.keys()]).toContain('/index.html');
  expect(await built()).toMatch(/of the page/);
  expect(await built()).toMatch(/of the worker/);
  const { ino } = await stat(await keptFile());
  expect(await build()).toEqual(files);
  expect((await stat(await keptFile())).ino).toBe(ino);
});

test.each(['main.ts', 'worker.ts', 'vite.config.ts'])('builds anew once %s is another', async (name) => {
  await writeFile(join(root, 'vite.config.ts'), 'export default {};');
  await build();
  const change = {
    'main.ts': "document.title = 'another';",
    'worker.ts': "postMessage('another');",
    'vite.config.ts': "export default { base: '/another/' };",
  }[name];
  await writeFile(join(root, name), change ?? '');
  expect(await built()).toContain('another');
});

test('builds anew what is missing or was damaged', async () => {
  const files = await build();
  await writeFile(await keptFile(), '{"sources": [], "files": []}');
  expect(await build()).toEqual(files);
  await writeFile(await keptFile(), '{"sources":');
  expect(await build()).toEqual(files);
});

test('rejects sources that cannot be built, and keeps nothing', async () => {
  await writeFile(join(root, 'main.ts'), "import './missing.ts';");
  await expect(build()).rejects.toThrow('missing.ts');
  await writeFile(join(root, 'missing.ts'), "document.title = 'found';");
  expect(await built()).toContain('found');
});
