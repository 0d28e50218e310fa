/**
 * What every command of this repository needs first: the npm packages, and the Node 24 among them.
 * Plain JavaScript on Node's own modules, since it runs on whatever Node (>= 20) npm itself uses.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

const MIN_TYPESCRIPT_NODE_MAJOR = 24;
const isWindows = process.platform === 'win32';

/** The Node that runs our TypeScript: the pinned one, or this one where it is new enough. */
export function typescriptNode() {
  const pinned = join(root, 'node_modules', 'node', 'bin', isWindows ? 'node.exe' : 'node');
  if (existsSync(pinned)) return pinned;
  return Number.parseInt(process.versions.node, 10) >= MIN_TYPESCRIPT_NODE_MAJOR ? process.execPath : null;
}

/** Why `node_modules` does not serve: 'absent', 'stale', or `null` where it does. */
export function modulesProblem() {
  const installed = readLock(join(root, 'node_modules', '.package-lock.json'));
  if (installed === null) return 'absent';
  const wanted = readLock(join(root, 'package-lock.json')) ?? {};
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.startsWith('node_modules/') || entry.optional || entry.devOptional) continue;
    if (entry.link) {
      // A package of our own that came with a newer checkout.
      if (!existsSync(join(root, path))) return 'stale';
      continue;
    }
    if (installed[path]?.version !== entry.version) return 'stale';
  }
  return typescriptNode() === null ? 'stale' : null;
}

/** Installs the npm packages where they are missing or older than the lock file. Throws one sentence that says what to do. */
export async function ensureModules() {
  const problem = modulesProblem();
  if (problem === null) return;
  console.error(`weft: node_modules is ${problem}: running npm install (half a minute the first time)`);
  // Not `npm ci`: it refuses a lock file made behind a registry that offers only some of the optional platform packages.
  // `--no-save` installs the locked versions, checks their hashes and leaves the lock file alone, as `npm ci` would.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
  const code = await run(isWindows ? 'npm.cmd' : 'npm', args, {
    shell: isWindows,
    // npm's own progress must not mix with what a command prints for machines.
    stdio: ['ignore', 2, 2],
  });
  if (code !== 0)
    throw new Error(`npm install ended with code ${code}: see its message above; is the registry reachable?`);
  if (typescriptNode() === null) {
    throw new Error(
      'npm installed no Node 24: its package "node" needs its install script; run `npm rebuild node`, or use Node 24.',
    );
  }
}

/**
 * Runs a TypeScript file of this repository under Node 24; answers its exit code.
 * `compileCache: true` has it, and all that it starts, keep what V8 compiled: not for what is measured.
 */
export async function runTypescript(script, args = [], { compileCache = false, ...options } = {}) {
  const node = typescriptNode();
  if (node === null) throw new Error('No Node 24: run `npm install` first.');
  // In our own folder: a cache in the system's would be code of whoever wrote it first.
  const NODE_COMPILE_CACHE = process.env.NODE_COMPILE_CACHE ?? join(root, '.weft', 'cache', 'compiled');
  return run(node, ['--disable-warning=ExperimentalWarning', join(root, script), ...args], {
    ...(compileCache ? { env: { ...process.env, NODE_COMPILE_CACHE } } : {}),
    ...options,
  });
}

/** Installs what is missing, runs the file with this command's arguments and ends with its exit code. */
export async function main(script, args = process.argv.slice(2), options = {}) {
  try {
    await ensureModules();
    process.exitCode = await runTypescript(script, args, options);
  } catch (error) {
    console.error(`weft: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}

const PARENT_POLL_MS = 1000;

/**
 * `lifeline: true` ties the child to this process, and this process to the npm that called it: the child sees its
 * channel close even where this process was killed, and ends what it started.
 */
function run(command, args, { lifeline = false, ...options }) {
  return new Promise((resolve, reject) => {
    const stdio = lifeline ? ['inherit', 'inherit', 'inherit', 'ipc'] : 'inherit';
    const child = spawn(command, args, { cwd: root, stdio, ...options });
    // Ctrl-C reaches the child through the terminal too: what it gets from here must not be a second SIGINT.
    const onInterrupt = () => lifeline && child.kill('SIGTERM');
    const passOn = (signal) => child.kill(signal);
    process.on('SIGINT', onInterrupt);
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, passOn);
    const watch = lifeline ? watchNpm(() => child.kill('SIGTERM')) : undefined;
    const done = () => {
      clearInterval(watch);
      process.off('SIGINT', onInterrupt);
      for (const signal of ['SIGTERM', 'SIGHUP']) process.off(signal, passOn);
    };
    child.on('error', (error) => {
      done();
      reject(error);
    });
    child.on('close', (code, signal) => {
      done();
      resolve(signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0));
    });
  });
}

/** Only npm's death counts: a shell may end and leave behind what was started in the background. */
function watchNpm(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const caller = callers();
  return setInterval(() => callers() !== caller && onGone(), PARENT_POLL_MS);
}

/** npm calls through a shell, which outlives it: where the system shows it, the shell's parent counts too. */
function callers() {
  const parent = process.ppid;
  try {
    const [, name, , grandparent] =
      /^\d+ \((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${parent}/stat`, 'utf8')) ?? [];
    return /^(da|ba)?sh$/.test(name) ? `${parent} ${grandparent}` : `${parent}`;
  } catch {
    return `${parent}`;
  }
}

function readLock(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return null;
  }
}
