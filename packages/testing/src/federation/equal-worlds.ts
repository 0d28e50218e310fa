import type { Account } from '@weft/cli/stack';
import { openWorld, type World } from '@weft/world';
import { until } from './until.ts';

/** Waits until these worlds have nothing unsaved and show the same; @returns how long it took, in milliseconds. */
export function untilEqual(worlds: readonly World[], timeoutMs?: number): Promise<number> {
  const [first, ...others] = worlds;
  const what = () => worlds.map(describe).join(', ');
  const isSo = () =>
    worlds.every(({ status }) => status.value.unsaved === 0) &&
    others.every((world) => world.hash() === first?.hash());
  return until('worlds that show the same', isSo, timeoutMs).catch((error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : String(error)} (${what()})`);
  });
}

/**
 * Opens the world anew with each account until all of them show this hash: what the homeservers hold, whatever clients
 * remember. @returns the worlds, open; whoever asked closes them
 */
export async function openEqual(
  room: string,
  accounts: readonly Account[],
  hash: string,
  timeoutMs?: number,
): Promise<readonly World[]> {
  const opened: World[] = [];
  for (const { homeserver, token } of accounts) {
    const seen: string[] = [];
    await until(
      `a fresh opening at ${homeserver} that shows ${hash}`,
      async () => {
        const world = await openWorld(room, { login: { homeserver, token } });
        seen.push(world.hash());
        if (world.hash() === hash) {
          opened.push(world);
          return true;
        }
        await world.close();
        return false;
      },
      timeoutMs,
    );
  }
  return opened;
}

function describe(world: World): string {
  const { unsaved } = world.status.value;
  return `${world.userId}: ${world.hash().slice(0, 12)}, ${unsaved} unsaved, ${world.problems.value.length} problems`;
}
