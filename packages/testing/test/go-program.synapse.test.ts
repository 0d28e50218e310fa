import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildGoProgram, type GoProgram } from '../src/go-program/build-go-program.ts';

/** Stands in for Go: notes what it is asked, and fetches nothing as often as the file `lost` has letters. */
const GO = `#!/bin/sh
echo "$1" >> "$HERE/asked"
case "$1" in
  env) echo go1.26.2 ;;
  list)
    if [ -s "$HERE/lost" ]; then
      printf %s "$(cut -c2- "$HERE/lost")" > "$HERE/lost"
      echo 'net/http: TLS handshake timeout' >&2
      exit 1
    fi ;;
  build) echo built > "$3/draft" ;;
esac
`;
const WANTED = { name: 'Example', version: '1.2.3', command: 'example.org/cmd', file: 'example' };

let here: string;
let waited: number[];

beforeEach(async () => {
  here = await mkdtemp(join(tmpdir(), 'weft-'));
  waited = [];
  await mkdir(join(here, 'bin'));
  await writeFile(join(here, 'bin', 'go'), GO);
  await chmod(join(here, 'bin', 'go'), 0o755);
  for (const file of ['go.mod', 'go.sum']) await writeFile(join(here, file), '');
  vi.stubEnv('HERE', here);
  vi.stubEnv('PATH', join(here, 'bin') + delimiter + process.env.PATH);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(here, { recursive: true, force: true });
});

async function build(lost: number, signal?: AbortSignal): Promise<string> {
  await writeFile(join(here, 'lost'), 'x'.repeat(lost));
  const program: GoProgram = { ...WANTED, module: pathToFileURL(`${here}/`), minGo: [26, 0] };
  return buildGoProgram(program, {
    ...(signal === undefined ? {} : { signal }),
    directory: join(here, 'weft'),
    wait: async (ms) => void waited.push(ms),
  });
}

const asked = async () => (await readFile(join(here, 'asked'), 'utf8')).trim().split('\n');

describe('a program that is built from its Go module', () => {
  it('is fetched before it is built, and once there is never asked for again', async () => {
    const program = await build(0);
    expect(await readFile(program, 'utf8')).toBe('built\n');
    expect(await build(0)).toBe(program);
    expect(await asked()).toEqual(['env', 'list', 'build']);
  });

  it('is asked for again, less and less often, where the network loses it', async () => {
    expect(existsSync(await build(5))).toBe(true);
    expect(await asked()).toEqual(['env', ...Array<string>(6).fill('list'), 'build']);
    expect(waited).toEqual([4_000, 8_000, 16_000, 32_000, 60_000]);
  });

  it('is given up after six tries, with what Go said last', async () => {
    await expect(build(6)).rejects.toThrow(/Building Example 1\.2\.3 failed:\n.*TLS handshake timeout/);
    expect(await asked()).not.toContain('build');
  });

  it('is not asked for again once it was interrupted', async () => {
    await expect(build(6, AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
    expect(waited).toEqual([]);
  });
});
