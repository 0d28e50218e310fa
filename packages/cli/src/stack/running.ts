import { rm, writeFile } from 'node:fs/promises';
import Type, { type Static } from 'typebox';
import { readJson, writeJson } from './json-file.ts';
import { processStart } from './process-identity.ts';
import { StackError } from './stack-error.ts';

const Running = Type.Object({
  pid: Type.Integer({ minimum: 1 }),
  start: Type.String(),
  /** Empty until the homeserver answers. */
  homeserver: Type.String(),
  /** Ready links by account name; empty when no studio is served. */
  links: Type.Record(Type.String(), Type.String()),
  /** Absent where there is none. */
  relay: Type.Optional(Type.String()),
});

/** Who runs an instance right now, and where. */
export type Running = Static<typeof Running>;

const PRIVATE_MODE = 0o600;
const MAX_CLAIM_ATTEMPTS = 5;

/** The live process that runs the instance, or null; what a crashed one left behind counts as nothing. */
export async function readRunning(path: string): Promise<Running | null> {
  const running = await readJson(path, Running).catch(() => undefined);
  if (running === undefined) return null;
  return (await processStart(running.pid)) === running.start ? running : null;
}

/**
 * Claims the instance for this process.
 * @throws StackError `already-running`, with where.
 */
export async function claimRunning(path: string): Promise<void> {
  const mine = await thisProcess();
  for (let attempt = 0; attempt < MAX_CLAIM_ATTEMPTS; attempt += 1) {
    const claimed = await writeNew(path, JSON.stringify(mine));
    if (claimed) return;
    const other = await readRunning(path);
    if (other !== null) throw alreadyRunning(other);
    await rm(path, { force: true });
  }
  throw alreadyRunning(null);
}

export async function updateRunning(
  path: string,
  known: Pick<Running, 'homeserver' | 'links' | 'relay'>,
): Promise<void> {
  await writeJson(path, { ...(await thisProcess()), ...known });
}

export async function releaseRunning(path: string): Promise<void> {
  await rm(path, { force: true });
}

export function alreadyRunning(other: Running | null): StackError {
  const where =
    other === null
      ? ''
      : ` by process ${other.pid}${other.homeserver === '' ? '' : ` at ${other.homeserver}`}`;
  const links = Object.values(other?.links ?? {});
  return new StackError('already-running', {
    what: `This local instance is already run${where}.`,
    hint: `${links.length === 0 ? '' : `Open ${links.join(' or ')}. `}To stop it: npm run -s weft -- down`,
  });
}

/** False when the file is there already. */
async function writeNew(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: PRIVATE_MODE });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function thisProcess(): Promise<Running> {
  return { pid: process.pid, start: (await processStart(process.pid)) ?? '', homeserver: '', links: {} };
}
