import type { Account } from '@weft/cli/stack';
import { openWorld, type World } from '@weft/world';
import { until } from '../wait/until.ts';

/** Waits until these worlds have nothing unsaved and show the same; @returns how long it took, in milliseconds. */
export function untilEqual(worlds: readonly World[], timeoutMs?: number): Promise<number> {
  const [first, ...others] = worlds;
  const what = () => worlds.map(describe).join(', ');
  const isSo = () =>
    worlds.every(({ status }) => status.value.unsaved === 0) &&
    others.every((world) => world.hash() === first?.hash());
  return until(isSo, { what: 'worlds that show the same', withinMs: timeoutMs }).catch((error: unknown) => {
    throw new Error(`${error instanceof Error ? error.message : String(error)} (${what()})`);
  });
}

/**
 * Opens the world anew with each account until all of them show this hash: what the homeservers hold, whatever clients
 * remember. @returns the worlds, open; whoever asked closes them
 */
export function openEqual(
  room: string,
  accounts: readonly Account[],
  hash: string,
  timeoutMs?: number,
): Promise<readonly World[]> {
  return Promise.all(accounts.map((account) => openUntil(room, account, hash, timeoutMs)));
}

async function openUntil(
  room: string,
  { homeserver, token }: Account,
  hash: string,
  timeoutMs: number | undefined,
): Promise<World> {
  // With the room alone: what other clients hold is not asked, and coming and going costs no event.
  const open = () => openWorld(room, { login: { homeserver, token }, lanes: ['matrix'] });
  let world = await open();
  await until(
    async () => {
      if (world.hash() === hash) return true;
      await world.close();
      world = await open();
      return false;
    },
    { what: `a fresh opening at ${homeserver} that shows ${hash}`, withinMs: timeoutMs },
  );
  return world;
}

function describe(world: World): string {
  const { unsaved } = world.status.value;
  return `${world.userId}: ${world.hash().slice(0, 12)}, ${unsaved} unsaved, ${world.problems.value.length} problems`;
}
