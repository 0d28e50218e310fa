import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { WEFT_DIRECTORY } from './weft-directory.ts';

const PREFIX = 'test-';
let started = 0;

/** A name for a local instance that no other test of this machine uses; what killed runs left behind is removed. */
export async function newTestInstance(): Promise<string> {
  await forgetAbandonedInstances();
  started += 1;
  return `${PREFIX}${process.pid}-${started}`;
}

/** Removes what the instances of processes that are gone held. */
export async function forgetAbandonedInstances(): Promise<void> {
  const folder = join(WEFT_DIRECTORY, 'instances');
  if (!existsSync(folder)) return;
  for (const name of await readdir(folder)) {
    const pid = /^test-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not ours to signal, yet alive.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
