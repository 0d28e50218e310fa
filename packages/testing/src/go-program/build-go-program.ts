import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findPython, type OnProgress } from '@weft/cli/stack';
import { type Backoff, backoffMs } from '@weft/core';
import { WEFT_DIRECTORY } from '../weft-directory.ts';
import { GoProgramError } from './go-program-error.ts';
import { runGoScript } from './go-script.ts';

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
  /** Where it is built. Default: `.weft` of the repository. */
  readonly directory?: string;
  /** Between two tries to fetch what it is made of; comes back at once where `signal` aborts. */
  readonly wait?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

const MODULE_FILES = ['go.mod', 'go.sum'] as const;
/** A build names some 700 modules and packages; one in so many is passed on to whoever waits. */
const LINES_A_NOTE = 40;
/** Go asks for each of some hundred modules once and gives up with the first that does not come. */
const FETCHES = 6;
/** Two minutes in all, which outlast a mirror that is overwhelmed. */
const FETCH_AGAIN: Backoff = { firstMs: 4_000, maxMs: 60_000 };

/**
 * Builds a program from its Go module under `.weft` unless it is there, and returns its path. About two minutes of
 * both cores the first time, at the lowest priority; two at once take turns. Nothing outside `.weft` is written. What
 * does not come over the network is asked for again, six times in all.
 * @throws GoProgramError `no-go`, `build-failed`, `aborted`; StackError `no-python`
 */
export async function buildGoProgram(goProgram: GoProgram, options: BuildOptions = {}): Promise<string> {
  const { directory = WEFT_DIRECTORY, wait = waitFor, onProgress = () => undefined, signal } = options;
  const { name, version, file, command, module } = goProgram;
  const folder = join(directory, file, version);
  const program = join(folder, file);
  if (existsSync(program)) return program;
  await findGo(goProgram);
  const python = await findPython();
  await mkdir(folder, { recursive: true });
  for (const part of MODULE_FILES) await copyFile(fileURLToPath(new URL(part, module)), join(folder, part));
  let lines = 0;
  const run = async (script: string) => {
    const ended = await runGoScript({
      ...{ script, folder, program, signal, python: python.file },
      onLine(line) {
        lines += 1;
        if (lines % LINES_A_NOTE === 0) onProgress({ step: 'install', message: `building ${name}: ${line}` });
      },
    });
    if (signal?.aborted) throw new GoProgramError('aborted', `Building ${name} was interrupted.`);
    return ended;
  };
  onProgress({ step: 'install', message: `building ${name} ${version}`, fraction: 0 });
  // By itself and at the usual priority: what builds at the lowest may be too late for a handshake of ten seconds.
  const fetchModules = () => run(`go list -C "$1" -deps ${command} > /dev/null`);
  let ended = await fetchModules();
  for (let failures = 1; ended.outcome === 'failed' && failures < FETCHES; failures++) {
    const pauseMs = backoffMs(FETCH_AGAIN, failures, 0);
    onProgress({ step: 'install', message: `${name} did not come whole, again in ${pauseMs / 1000} s` });
    await wait(pauseMs, signal);
    ended = await fetchModules();
  }
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
  if (ended.outcome === 'done') ended = await run(script);
  if (ended.outcome !== 'done' || !existsSync(program)) {
    throw new GoProgramError(
      'build-failed',
      `Building ${name} ${version} failed:\n${ended.tail}\nCheck the network and run it again.`,
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

async function waitFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  // The next run says that it was interrupted.
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
