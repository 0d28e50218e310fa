import { readFile } from 'node:fs/promises';
import { CommandError, UsageError } from './failure.ts';

/** Whether a person means a file with a world in it, and not a model or the name of a world. */
export function isWorldFile(name: string): boolean {
  return /\.(weft|json)$/i.test(name);
}

/** @throws UsageError where there is none, CommandError `unreadable` */
export async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ENOENT') throw new UsageError(`There is no file ${path}.`);
    if (code === 'EISDIR') throw new UsageError(`${path} is a folder, not a file.`);
    throw new CommandError(
      'unreadable',
      `Cannot read ${path}: ${error instanceof Error ? error.message : error}.`,
    );
  }
}
