import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { WEFT_DIRECTORY } from '../weft-directory.ts';

const run = promisify(execFile);

/** The path of the Chromium to use, or `packed` for the packed one; the test runner sets it for the processes it starts. */
export const CHROMIUM_VARIABLE = 'WEFT_CHROMIUM';

/** The packed Chromium that is installed where the system has none. */
const PACKED = 'packed';
const PACKED_VERSION = '153.0.0';
const SYSTEM_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const INSTALL_TIMEOUT_MS = 300_000;
const PROBE_TIMEOUT_MS = 20_000;
const UNPACK = fileURLToPath(new URL('unpack-chromium.mjs', import.meta.url));

/** No Chromium here, and none can be installed. */
export class ChromiumError extends Error {
  override readonly name = 'ChromiumError';
}

/**
 * The path of a Chromium that runs: the one named by the environment, the system's, or a packed one that is installed
 * into `.weft/tools` (65 MB, some seconds, once).
 *
 * @throws ChromiumError with what to install
 */
export async function ensureChromium(): Promise<string> {
  const named = process.env[CHROMIUM_VARIABLE];
  if (named === PACKED) return ensurePacked();
  if (named !== undefined && named !== '') {
    const problem = await problemOf(named);
    if (problem === null) return named;
    throw new ChromiumError(`${CHROMIUM_VARIABLE} names ${named}, which does not run: ${problem}`);
  }
  for (const path of SYSTEM_PATHS) {
    if (existsSync(path) && (await problemOf(path)) === null) return path;
  }
  return ensurePacked();
}

/** What the process that starts this Chromium must have in its environment. */
export function chromiumEnvironment(path: string): Record<string, string> {
  const folder = join(path, '..');
  if (!folder.startsWith(packedFolder())) return {};
  return { FONTCONFIG_PATH: join(folder, 'fonts'), LD_LIBRARY_PATH: join(folder, 'al2023', 'lib') };
}

async function ensurePacked(): Promise<string> {
  const executable = join(packedFolder(), 'chromium');
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw lacking('there is no packed one for this system');
  if (!existsSync(executable)) await installPacked();
  const problem = await problemOf(executable);
  if (problem !== null) throw lacking(`the packed one does not run here: ${problem}`);
  return executable;
}

async function installPacked(): Promise<void> {
  const tools = join(WEFT_DIRECTORY, 'tools');
  await mkdir(tools, { recursive: true });
  const work = await mkdtemp(join(tools, 'chromium-'));
  process.stderr.write(
    `chromium: none on this system, installing @sparticuz/chromium ${PACKED_VERSION} into .weft/tools\n`,
  );
  try {
    const install = ['install', '--prefix', work, '--no-save', '--no-package-lock', '--ignore-scripts'];
    await run('npm', [...install, '--no-audit', '--no-fund', `@sparticuz/chromium@${PACKED_VERSION}`], {
      timeout: INSTALL_TIMEOUT_MS,
      cwd: work,
    });
    const unpacked = join(work, 'unpacked');
    await mkdir(unpacked);
    const env = { ...process.env, TMPDIR: unpacked };
    await run(process.execPath, [UNPACK, work], { timeout: INSTALL_TIMEOUT_MS, env });
    // Renamed when it is whole, so that an interrupted install is never mistaken for a good one.
    await rm(packedFolder(), { recursive: true, force: true });
    await rename(unpacked, packedFolder());
  } catch (error) {
    throw lacking(
      `installing the packed one failed: ${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function packedFolder(): string {
  return join(WEFT_DIRECTORY, 'tools', `chromium-${PACKED_VERSION}`);
}

/** `null` where the executable starts and tells its version. */
async function problemOf(path: string): Promise<string | null> {
  const env = { ...process.env, ...chromiumEnvironment(path) };
  return run(path, ['--version', '--no-sandbox'], { timeout: PROBE_TIMEOUT_MS, env }).then(
    () => null,
    (error: Error) => error.message.trim(),
  );
}

function lacking(why: string): ChromiumError {
  return new ChromiumError(
    `No Chromium on this system, and ${why}.\nInstall one (Debian: apt-get install chromium), or name one in ${CHROMIUM_VARIABLE}.`,
  );
}
