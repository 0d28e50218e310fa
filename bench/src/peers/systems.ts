import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '@weft/testing/command';
import type { Contestant } from '../turns/take-turns.ts';
import type { OptionSpec } from '../workload.ts';

export interface System {
  readonly name: string;
  /** The address of its adapter's module. */
  readonly adapter: string;
  /** Which settings it is measured with, and what each is in words; `default` is among them. */
  readonly settings: Readonly<Record<string, string>>;
}

export const DEFAULT_SETTING = 'default';
const PEERS = new URL('../../peers/', import.meta.url);
const DIRECTORY = fileURLToPath(PEERS);

export const WEFT: System = {
  name: 'weft',
  adapter: new URL('./weft.ts', import.meta.url).href,
  settings: { default: 'a relay as it comes, its journal on disk' },
};
export const FLOOR = peer('floor', { default: 'ws alone' });
/** Nothing that y-websocket or Hocuspocus document makes an edit travel faster. */
export const SYSTEMS: readonly System[] = [
  WEFT,
  FLOOR,
  peer('y-websocket', { default: 'y-websocket and its own server, as they come' }),
  peer('hocuspocus', { default: 'without extensions, so that nothing is stored' }),
  peer('colyseus', { default: 'patchRate 50 ms, its default', best: 'patchRate 16 ms, for fast games' }),
];

/** A system whose adapter is a module of its name in `bench/peers`, or in a folder there. */
export function peer(name: string, settings: System['settings'], folder = '.'): System {
  return { name, adapter: new URL(`${folder}/${name}.mjs`, PEERS).href, settings };
}

/** A system with one of its settings. */
export interface SystemContestant extends Contestant {
  readonly system: System;
  readonly setting: string;
}

/** Which of these systems are measured: `all`, or some of them by name. */
export function systemsOption(systems: readonly System[], byDefault: string): OptionSpec<readonly System[]> {
  const known = systems.map(({ name }) => name).join(', ');
  return {
    value: 'A,B',
    default: byDefault,
    help: `all, or some of ${known}`,
    read(text, flag) {
      const names = text.split(',');
      if (names.includes('all')) return systems;
      return names.map((name) => {
        const found = systems.find((system) => system.name === name);
        if (found !== undefined) return found;
        throw new UsageError(`${flag}: expected all, or some of ${known}, got "${name}"`);
      });
    },
  };
}

/** Each system with each of its settings. */
export function contestantsOf(systems: readonly System[]): readonly SystemContestant[] {
  return systems.flatMap((system) =>
    Object.keys(system.settings).map((setting) => ({
      ...{ system, setting },
      name: setting === DEFAULT_SETTING ? system.name : `${system.name}, ${setting}`,
    })),
  );
}

/** Installs what Weft is measured beside, at the versions of `bench/peers/package.json`: 50 MB, once. */
export async function installPeers(options: {
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<void> {
  const wanted = readFileSync(join(DIRECTORY, 'package.json'), 'utf8');
  const done = join(DIRECTORY, 'node_modules', '.weft-installed');
  if (existsSync(done) && readFileSync(done, 'utf8') === wanted) return;
  options.progress('installing the systems to measure beside, 50 MB, once');
  const args = ['install', '--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts'];
  const child = spawn('npm', args, {
    cwd: DIRECTORY,
    stdio: ['ignore', 'ignore', 'inherit'],
    signal: options.signal,
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  if (code !== 0) throw new Error(`npm install in bench/peers ended with ${code}`);
  writeFileSync(done, wanted);
}
