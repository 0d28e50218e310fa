import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { StackError } from './stack-error.ts';

const PRIVATE_MODE = 0o600;

/**
 * The checked content of a file of ours, or undefined when there is none.
 * @throws StackError `bad-file` when it is not what we write, so that a damaged file is never taken for an absent one.
 */
export async function readJson<S extends TSchema>(path: string, schema: S): Promise<Static<S> | undefined> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const value = parse(text);
  if (Value.Check(schema, value)) return value;
  throw new StackError('bad-file', {
    what: `${path} is damaged.`,
    hint: 'Start with --fresh to make the local instance anew (its worlds are lost), or put the file right.',
  });
}

/** Written beside and renamed, so that a crash leaves the old content or the new, and readable by the owner only. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: PRIVATE_MODE });
  await rename(draft, path);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
