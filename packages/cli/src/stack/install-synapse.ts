import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startGuarded } from './guarded-process.ts';
import { installPaths, SYNAPSE_VERSION } from './paths.ts';
import type { OnProgress } from './progress.ts';
import { findPython } from './python.ts';
import { StackError } from './stack-error.ts';

const run = promisify(execFile);

const INSTALL_SCRIPT = fileURLToPath(new URL('install.py', import.meta.url));
const STOP_GRACE_MS = 5_000;
/** Packages that the release pulls in; only the progress figure depends on it. */
const EXPECTED_PACKAGES = 59;
const MAX_TAIL_LINES = 15;
/** Unpacking takes the rest of the time, without saying how far it is. */
const COLLECTING_SHARE = 0.5;

export interface InstallOptions {
  readonly directory: string;
  readonly onProgress: OnProgress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Makes sure that Synapse is installed under `directory` and returns its Python. Takes 20 to 40 s the first time and
 * some 50 ms later. What an interrupted install left behind is made again; two at once take turns.
 * @throws StackError `no-python`, `install-failed` or `aborted`.
 */
export async function installSynapse(options: InstallOptions): Promise<string> {
  const paths = installPaths(options.directory);
  if (existsSync(paths.marker)) {
    if (await works(paths.python)) return paths.python;
    options.onProgress({
      step: 'install',
      message: 'the installed Synapse no longer runs; installing it again',
    });
    await rm(paths.marker, { force: true });
  }
  const python = await findPython();
  options.onProgress({ step: 'python', message: `Python ${python.version} at ${python.file}` });
  options.onProgress({
    step: 'install',
    message: `installing Synapse ${SYNAPSE_VERSION} into ${paths.venv}`,
    fraction: 0,
  });
  await mkdir(paths.folder, { recursive: true });
  const child = await startGuarded({
    file: python.file,
    args: ['-B', INSTALL_SCRIPT, paths.lock, paths.venv, paths.marker, `matrix-synapse==${SYNAPSE_VERSION}`],
    env: installEnv(paths.pipCache),
    output: 'pipe',
  });
  const stop = () => void child.stop(STOP_GRACE_MS);
  options.signal?.addEventListener('abort', stop, { once: true });
  if (options.signal?.aborted) stop();
  const tail: string[] = [];
  let collected = 0;
  if (child.output !== null) {
    for await (const line of createInterface({ input: child.output })) {
      tail.push(line);
      if (tail.length > MAX_TAIL_LINES) tail.shift();
      const name = /^\s*Collecting ([A-Za-z0-9_.-]+)/.exec(line)?.[1];
      if (name !== undefined) {
        collected += 1;
        const fraction = Math.min(collected / EXPECTED_PACKAGES, 1) * COLLECTING_SHARE;
        options.onProgress({ step: 'install', message: `fetching ${name}`, fraction });
      } else if (/^Installing collected packages/.test(line)) {
        options.onProgress({ step: 'install', message: 'unpacking what was fetched (the longer half)' });
      } else if (line.startsWith('weft: ')) {
        options.onProgress({ step: 'install', message: line.slice('weft: '.length), fraction: 0 });
      }
    }
  }
  const { code } = await child.exited;
  options.signal?.removeEventListener('abort', stop);
  if (options.signal?.aborted) {
    throw new StackError('aborted', {
      what: 'Installing Synapse was interrupted.',
      hint: 'Run it again: it goes on from what was fetched.',
    });
  }
  if (code !== 0 || !existsSync(paths.marker)) {
    throw new StackError('install-failed', {
      what: `Installing Synapse ${SYNAPSE_VERSION} failed:\n${tail.join('\n')}\n`,
      hint: 'Check the network and run it again, or pass --homeserver URL to use a Matrix homeserver that already runs.',
    });
  }
  options.onProgress({ step: 'install', message: 'Synapse is installed', fraction: 1 });
  return paths.python;
}

/** False when, for example, the Python that the environment was made with has been upgraded away. */
async function works(python: string): Promise<boolean> {
  const probe =
    'import importlib.util, sys; sys.exit(importlib.util.find_spec("synapse.app.homeserver") is None)';
  return run(python, ['-B', '-c', probe]).then(
    () => true,
    () => false,
  );
}

/** pip keeps the user's settings (mirrors, certificates) and writes only inside our folder. */
function installEnv(pipCache: string): NodeJS.ProcessEnv {
  const { PYTHONHOME: _home, PYTHONPATH: _path, ...env } = process.env;
  return {
    ...env,
    PIP_CACHE_DIR: pipCache,
    PIP_REQUIRE_VIRTUALENV: '0',
    PYTHONNOUSERSITE: '1',
    PYTHONUNBUFFERED: '1',
  };
}
