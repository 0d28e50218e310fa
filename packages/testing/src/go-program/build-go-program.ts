import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findPython, type OnProgress, startGuardedProgram } from '@weft/cli/stack';
import { WEFT_DIRECTORY } from '../weft-directory.ts';
import { GoProgramError } from './go-program-error.ts';

export interface GoProgram {
  /** As people know it: "Dendrite". */
  readonly name: string;
  /** The release that the module names. */
  readonly version: string;
  /** The package of the program, such as `github.com/ipfs/kubo/cmd/ipfs`. */
  readonly command: string;
  /** What the program is called under `.weft`, in a folder of the same name and the version. */
  readonly file: string;
  /** The folder with `go.mod` and `go.sum`: the release, with the checksum of everything that it is made of. */
  readonly module: URL;
  /** The oldest Go that builds it: 1.x.y as `[x, y]`. */
  readonly minGo: readonly [minor: number, patch: number];
}

export interface BuildOptions {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

const MODULE_FILES = ['go.mod', 'go.sum'] as const;
const LOCK_WAIT_S = 1800;
const STOP_GRACE_MS = 5_000;
const MAX_TAIL_LINES = 15;
/** A build names some 700 modules and packages; one in so many is passed on to whoever waits. */
const LINES_A_NOTE = 40;

/**
 * Builds a program from its Go module under `.weft` unless it is there, and returns its path. About two minutes of
 * both cores the first time, at the lowest priority; two at once take turns. Nothing outside `.weft` is written.
 * @throws GoProgramError `no-go`, `build-failed`, `aborted`; StackError `no-python`
 */
export async function buildGoProgram(goProgram: GoProgram, options: BuildOptions = {}): Promise<string> {
  const { onProgress = () => undefined, signal } = options;
  const { name, version, file, command, module } = goProgram;
  const folder = join(WEFT_DIRECTORY, file, version);
  const program = join(folder, file);
  if (existsSync(program)) return program;
  await findGo(goProgram);
  const python = await findPython();
  await mkdir(folder, { recursive: true });
  for (const part of MODULE_FILES) await copyFile(fileURLToPath(new URL(part, module)), join(folder, part));
  onProgress({ step: 'install', message: `building ${name} ${version}`, fraction: 0 });
  // Renamed within the lock, so that whoever waited for it finds the whole program or none. What it was made of goes
  // before: two gigabytes that nobody needs again.
  // Where Linux shares the processors between sessions, `nice` counts only within this one, and two builds would take
  // two thirds of them from the tests.
  const script = [
    '{ echo 19 > /proc/self/autogroup; } 2>/dev/null; true',
    `nice -n 19 go build -C "$1" -v -trimpath -buildvcs=false -o draft ${command}`,
    'rm -rf "$1/modules" "$1/cache"',
    `mv "$1/draft" "$1/${file}"`,
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
      if (lines % LINES_A_NOTE === 0) onProgress({ step: 'install', message: `building ${name}: ${line}` });
    }
  }
  const { code } = await child.exited;
  signal?.removeEventListener('abort', stop);
  if (signal?.aborted) throw new GoProgramError('aborted', `Building ${name} was interrupted.`);
  if (code !== 0 || !existsSync(program)) {
    throw new GoProgramError(
      'build-failed',
      `Building ${name} ${version} failed:\n${tail.join('\n')}\nCheck the network and run it again.`,
    );
  }
  onProgress({ step: 'install', message: `${name} is built`, fraction: 1 });
  return program;
}

/** @throws GoProgramError `no-go` */
async function findGo({ name, minGo: [minMinor, minPatch] }: GoProgram): Promise<void> {
  const version = await promisify(execFile)('go', ['env', 'GOVERSION']).then(
    ({ stdout }) => stdout.trim(),
    () => 'none',
  );
  const [, minor = '0', patch = '0'] = /^go1\.(\d+)(?:\.(\d+))?/.exec(version) ?? [];
  if (Number(minor) > minMinor || (Number(minor) === minMinor && Number(patch) >= minPatch)) return;
  throw new GoProgramError(
    'no-go',
    `${name} is built with Go 1.${minMinor}.${minPatch} or newer (found ${version}): install it.`,
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
