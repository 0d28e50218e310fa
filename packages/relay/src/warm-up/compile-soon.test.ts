import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const MODULE = new URL('./compile-soon.ts', import.meta.url).href;

test('[LA2] V8 knows each of the flags: of one that it does not know it complains', async () => {
  const node = (script: string) =>
    run(process.execPath, ['--disable-warning=ExperimentalWarning', '-e', script]);
  const known = await node(`import('${MODULE}').then(({ compileSoon }) => compileSoon())`);
  expect([known.stdout, known.stderr]).toEqual(['', '']);
  const unknown = await node(`require('node:v8').setFlagsFromString('--invocation-count-for-nothing=1')`);
  expect(unknown.stdout + unknown.stderr).toContain('invocation-count-for-nothing');
});
