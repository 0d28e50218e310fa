import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findPython, type OnProgress, startGuardedProgram } from '@weft/cli/stack';
import { WEFT_DIRECTORY } from '../../weft-directory.ts';
import { DendriteError } from './dendrite-error.ts';

/** The release that `go.mod` beside this file names, with the checksum of everything that it is made of. */
export const DENDRITE_VERSION = '0.15.2';

const COMMAND = 'github.com/element-hq/dendrite/cmd/dendrite';
const MODULE_FILES = ['go.mod', 'go.sum'] as const;
const MIN_GO_MINOR = 24;
const LOCK_WAIT_S = 1800;
const STOP_GRACE_MS = 5_000;
const MAX_TAIL_LINES = 15;
/** The build names some 740 modules and packages; one in so many is passed on to whoever waits. */
const LINES_A_NOTE = 40;

export interface BuildOptions {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/**
 * Builds Dendrite from its Go module under `.weft` unless it is there, and returns the program. About two minutes of
 * both cores the first time, at the lowest priority; two at once take turns. Nothing outside `.weft` is written.
 * @throws DendriteError `no-go`, `build-failed`, `aborted`; StackError `no-python`
 */
export async function buildDendrite(options: BuildOptions = {}): Promise<string> {
  const { onProgress = () => undefined, signal } = options;
  const folder = join(WEFT_DIRECTORY, 'dendrite', DENDRITE_VERSION);
  const program = join(folder, 'dendrite');
  if (existsSync(program)) return program;
  await findGo();
  const python = await findPython();
  await mkdir(folder, { recursive: true });
  for (const name of MODULE_FILES)
    await copyFile(fileURLToPath(new URL(name, import.meta.url)), join(folder, name));
  onProgress({ step: 'install', message: `building Dendrite ${DENDRITE_VERSION}`, fraction: 0 });
  // Renamed within the lock, so that whoever waited for it finds the whole program or none. What it was made of goes
  // before: two gigabytes that nobody needs again.
  const script = [
    `nice -n 19 go build -C "$1" -v -trimpath -buildvcs=false -o draft ${COMMAND}`,
    'rm -rf "$1/modules" "$1/cache"',
    'mv "$1/draft" "$1/dendrite"',
  ].join(' && ');
  const child = await startGuardedProgram({
    python: python.file,
    lock: join(folder, 'lock'),
    lockWaitS: LOCK_WAIT_S,
    unless: program,
    file: 'sh',
    args: ['-c', script, 'build', folder],
    env: goEnv(folder),
    output: 'pipe',
  });
  const stop = () => void child.stop(STOP_GRACE_MS);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  const tail: string[] = [];
  let lines = 0;
  if (child.output !== null) {
    for await (const line of createInterface({ input: child.output })) {
      tail.push(line);
      if (tail.length > MAX_TAIL_LINES) tail.shift();
      lines += 1;
      if (lines % LINES_A_NOTE === 0) onProgress({ step: 'install', message: `building Dendrite: ${line}` });
    }
  }
  const { code } = await child.exited;
  signal?.removeEventListener('abort', stop);
  if (signal?.aborted) throw new DendriteError('aborted', 'Building Dendrite was interrupted.');
  if (code !== 0 || !existsSync(program)) {
    throw new DendriteError(
      'build-failed',
      `Building Dendrite ${DENDRITE_VERSION} failed:\n${tail.join('\n')}\nCheck the network and run it again.`,
    );
  }
  onProgress({ step: 'install', message: 'Dendrite is built', fraction: 1 });
  return program;
}

/** @throws DendriteError `no-go` */
async function findGo(): Promise<void> {
  const version = await promisify(execFile)('go', ['env', 'GOVERSION']).then(
    ({ stdout }) => stdout.trim(),
    () => 'none',
  );
  if (Number(/^go1\.(\d+)/.exec(version)?.[1] ?? 0) >= MIN_GO_MINOR) return;
  throw new DendriteError(
    'no-go',
    `Dendrite is built with Go 1.${MIN_GO_MINOR} or newer (found ${version}): install it.`,
  );
}

/** Go keeps the user's settings (proxies, mirrors) and writes only inside our folder. */
function goEnv(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    GOMODCACHE: join(folder, 'modules'),
    GOCACHE: join(folder, 'cache'),
    // What Go made must be removable like any other file.
    GOFLAGS: `${process.env.GOFLAGS ?? ''} -modcacherw`.trim(),
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
  };
}
