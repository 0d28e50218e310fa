import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const WEFT_DIRECTORY = resolve(import.meta.dirname, '../../../.weft');

/** A folder for one test's stacks. The installed Synapse is shared with all others, nothing else is. */
export async function makeStackDirectory(): Promise<string> {
  const synapse = join(WEFT_DIRECTORY, 'synapse');
  await mkdir(synapse, { recursive: true });
  const directory = await mkdtemp(join(WEFT_DIRECTORY, 'test-'));
  await symlink(synapse, join(directory, 'synapse'));
  return directory;
}

export function removeStackDirectory(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true });
}
