import { writeFile } from 'node:fs/promises';
import { CommandError, UsageError } from './failure.ts';

/** Writes a file that a person named; one that is there is replaced only where they say so. @throws UsageError, CommandError */
export async function writeNew(path: string, bytes: Uint8Array, force: boolean): Promise<void> {
  try {
    await writeFile(path, bytes, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'EEXIST') throw new UsageError(`There is a file ${path} already; --force replaces it.`);
    if (code === 'ENOENT') throw new UsageError(`There is no folder for ${path}.`);
    throw new CommandError(
      'unwritable',
      `Cannot write ${path}: ${error instanceof Error ? error.message : error}.`,
    );
  }
}
