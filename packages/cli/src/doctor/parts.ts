import { existsSync } from 'node:fs';
import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { matrixRequest } from '../stack/matrix-http.ts';
import { DEFAULT_INSTANCE, installPaths, instancePaths, SYNAPSE_VERSION } from '../stack/paths.ts';
import { findPython } from '../stack/python.ts';
import { readRunning } from '../stack/running.ts';
import { StackError } from '../stack/stack-error.ts';
import { type Finding, ok } from './finding.ts';

const MIN_NODE_MAJOR = 24;
/** Synapse and its packages take 250 MB; the rest is room for worlds. */
const MIN_FREE_BYTES = 600 * 1024 * 1024;
const ANSWER_TIMEOUT_MS = 5000;
const CHROMIUM_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
] as const;

export function checkNode(version: string): Finding {
  if (Number.parseInt(version, 10) >= MIN_NODE_MAJOR) return ok('Node', version);
  return {
    part: 'Node',
    state: 'missing',
    detail: `${version} runs this; TypeScript needs ${MIN_NODE_MAJOR}`,
    hint: 'Call it through npm ("npm run -s weft -- doctor"), which installs the right Node into node_modules.',
  };
}

export async function checkPython(env: NodeJS.ProcessEnv): Promise<Finding> {
  try {
    const { file, version } = await findPython(env);
    return ok('Python', `${version} at ${file}`);
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    return {
      part: 'Python',
      state: 'missing',
      detail: 'no Python 3.10 or newer with venv',
      hint: error.hint,
    };
  }
}

export function checkSynapse(directory: string): Finding {
  const { marker, venv } = installPaths(directory);
  if (existsSync(marker)) return ok('Synapse', `${SYNAPSE_VERSION} in ${venv}`);
  return {
    part: 'Synapse',
    state: 'optional',
    detail: existsSync(venv) ? 'half installed' : 'not installed yet',
    hint: 'The first "up" installs it: some 30 s and 60 MB from the Python package index.',
  };
}

export async function checkFolder(directory: string): Promise<Finding> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
  } catch {
    return {
      part: 'Folder',
      state: 'missing',
      detail: `${directory} cannot be written`,
      hint: 'Give yourself the right to write there: everything local lives in it.',
    };
  }
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  if (free >= MIN_FREE_BYTES) return ok('Folder', `${directory}, ${toGigabytes(free)} GB free`);
  return {
    part: 'Folder',
    state: 'missing',
    detail: `${directory} has only ${toGigabytes(free)} GB free`,
    hint: `Free ${toGigabytes(MIN_FREE_BYTES)} GB.`,
  };
}

export async function checkStack(directory: string): Promise<Finding> {
  const running = await readRunning(instancePaths(directory, DEFAULT_INSTANCE).running);
  if (running === null) {
    return {
      part: 'Stack',
      state: 'optional',
      detail: 'not running',
      hint: 'Start it with "up" or npm start.',
    };
  }
  const links = Object.values(running.links).join(' ');
  return ok('Stack', `process ${running.pid}, ${running.homeserver} ${links}`.trimEnd());
}

export async function checkRelay(directory: string): Promise<Finding> {
  const part = 'Relay';
  const running = await readRunning(instancePaths(directory, DEFAULT_INSTANCE).running);
  const url = running?.relay;
  if (url === undefined) {
    const hint = 'It is started with the stack; without one worlds go on over Matrix alone.';
    return { part, state: 'optional', detail: 'not running', hint };
  }
  const answer = await fetch(`${url.replace(/^ws/, 'http')}/readyz`, {
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  }).catch(() => null);
  await answer?.body?.cancel();
  if (answer?.ok === true) return ok(part, url);
  const { relayLog } = instancePaths(directory, DEFAULT_INSTANCE);
  const detail = `${url} ${answer === null ? 'does not answer' : `answers ${answer.status}`}`;
  return { part, state: 'optional', detail, hint: `Its log is ${relayLog}; worlds go on over Matrix alone.` };
}

export async function checkHomeserver(url: string): Promise<Finding> {
  const part = 'Homeserver';
  try {
    const startedMs = performance.now();
    const { status } = await matrixRequest(url, 'GET', '/_matrix/client/versions');
    if (status === 200) return ok(part, `${url} answers in ${Math.round(performance.now() - startedMs)} ms`);
    const hint =
      'Check the address: it is the one of the client-server API, such as https://matrix.example.org.';
    return { part, state: 'missing', detail: `${url} answers ${status}`, hint };
  } catch (error) {
    if (!(error instanceof StackError)) throw error;
    return { part, state: 'missing', detail: `${url} does not answer`, hint: error.hint };
  }
}

export function checkChromium(repository: string): Finding {
  const bundled = join(repository, 'node_modules', '@sparticuz', 'chromium');
  const found = [...CHROMIUM_PATHS, bundled].find((path) => existsSync(path));
  if (found !== undefined) return ok('Chromium', found);
  return {
    part: 'Chromium',
    state: 'optional',
    detail: 'not found; only the browser tests need it',
    hint: 'Install it (Debian and Ubuntu: apt install chromium).',
  };
}

function toGigabytes(bytes: number): string {
  return (bytes / 1e9).toFixed(1);
}
