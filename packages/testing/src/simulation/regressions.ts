import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readScript, type Script } from './script.ts';

const DIRECTORY = fileURLToPath(new URL('../../regressions/', import.meta.url));
const SUFFIX = '.json';

export interface Regression {
  readonly name: string;
  readonly script: Script;
}

/** The scripts that failed once, by name. */
export function readRegressions(): readonly Regression[] {
  return readdirSync(DIRECTORY)
    .filter((file) => file.endsWith(SUFFIX))
    .sort()
    .map((file) => ({
      name: file.slice(0, -SUFFIX.length),
      script: readScript(readFileSync(join(DIRECTORY, file), 'utf8')),
    }));
}

/** Keeps a script that failed; gives the file's path. */
export function keepRegression(name: string, script: Script): string {
  mkdirSync(DIRECTORY, { recursive: true });
  const path = join(DIRECTORY, `${name}${SUFFIX}`);
  writeFileSync(path, `${JSON.stringify(script, null, 2)}\n`);
  return path;
}
