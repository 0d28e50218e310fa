import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { WEFT_DIRECTORY } from '@weft/testing';

/** What takes long to make, and is the same for all. */
const SHARED = ['synapse', 'cache'] as const;

/** A folder for one test's stacks. The installed Synapse and the built studio are shared with all others, nothing else is. */
export async function makeStackDirectory(): Promise<string> {
  const directory = await mkdtemp(join(WEFT_DIRECTORY, 'test-'));
  for (const name of SHARED) {
    const shared = join(WEFT_DIRECTORY, name);
    await mkdir(shared, { recursive: true });
    await symlink(shared, join(directory, name));
  }
  return directory;
}

export function removeStackDirectory(directory: string): Promise<void> {
  return rm(directory, { recursive: true, force: true });
}
