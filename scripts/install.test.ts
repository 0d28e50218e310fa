import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Has every Node process say at its end where it kept what V8 compiled. */
const TELL = `--import=data:text/javascript,process.on('exit',()=>console.error(process.getBuiltinModule('node:module').getCompileCacheDir()))`;

async function keptBy(script: string, ...args: string[]): Promise<string> {
  const { NODE_COMPILE_CACHE: _, ...environment } = process.env;
  const { stderr } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, script), ...args],
    {
      env: { ...environment, NODE_OPTIONS: TELL },
    },
  );
  return stderr;
}

test('[LA30] a command keeps what V8 compiled of it for the next one, in the folder of this project', async () => {
  expect(await keptBy('weft.mjs', '--help')).toContain(join('.weft', 'cache', 'compiled'));
});

test('[LA31] what is measured starts as it would the first time', async () => {
  expect(await keptBy('bench.mjs', '--help')).toMatch(/^(undefined\s+)+$/);
});
