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
  writeFileSync(path, textOf(script));
  return path;
}

/** A line for each server, user and step, so that a person can read it and a diff shows what changed. */
function textOf(script: Script): string {
  const members = Object.entries(script).map(
    ([name, value]) => `  ${JSON.stringify(name)}: ${listed(value)}`,
  );
  return `{\n${members.join(',\n')}\n}\n`;
}

function listed(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const isList = Array.isArray(value);
  const items = Object.entries(value).map(
    ([name, item]) => `    ${isList ? '' : `${JSON.stringify(name)}: `}${inOneLine(item)}`,
  );
  const [open, close] = isList ? '[]' : '{}';
  return items.length === 0 ? `${open}${close}` : `${open}\n${items.join(',\n')}\n  ${close}`;
}

function inOneLine(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inOneLine).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([name, of]) => `${JSON.stringify(name)}: ${inOneLine(of)}`);
  return `{ ${members.join(', ')} }`;
}
