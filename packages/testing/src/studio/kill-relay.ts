import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type CheckSteps, type Output, tryLane } from '@weft/cli/check';
import type { Stack } from '@weft/cli/stack';
import { goOffline } from './go-offline.ts';
import { openStudioPair, type StudioPair, type StudioPairOptions } from './studio-pair.ts';

/** Has two pages of the studio edit one world, kills the relay under them, and has it come back. */
export async function killRelayUnderPages(
  pair: StudioPair,
  steps: CheckSteps,
  look?: (step: string) => Promise<void>,
): Promise<void> {
  const { relay, clients, reopen } = pair;
  await tryLane({ steps, relay, clients, reopen, ...(look === undefined ? {} : { look }) });
}

export interface KillRelayOptions extends Omit<StudioPairOptions, 'stack'> {
  readonly output: Output;
  /** Starts the homeserver, which is stopped at the end. */
  startStack(): Promise<{ readonly stack: Stack; stop(): Promise<void> }>;
  /** Where pictures of both pages go; `null` for none. */
  readonly pictures: string | null;
  /** How long one page is cut from the network afterwards; 0 for not at all. */
  readonly offlineSeconds: number;
}

/**
 * The whole of it, from a homeserver to the end. Every step is shown as it ends.
 *
 * @returns the steps; the last one failed where it threw
 */
export async function runKillRelay(options: KillRelayOptions, steps: CheckSteps): Promise<void> {
  const { startStack, pictures, offlineSeconds } = options;
  const { stack, stop } = await steps.run('homeserver', async () => {
    const value = await startStack();
    return { detail: `Synapse answers on ${value.stack.homeserverUrl}`, value };
  });
  try {
    const pair = await steps.run('pages', async () => {
      const value = await openStudioPair({ ...options, stack });
      return {
        detail: `two pages of the studio show ${value.room}, with a relay on ${value.relay.url}`,
        value,
      };
    });
    try {
      await killRelayUnderPages(pair, steps, pictures === null ? undefined : photographer(pair, pictures));
      if (offlineSeconds > 0) await goOffline(pair, steps, offlineSeconds);
      if (pair.errors.length > 0) throw new Error(pair.errors.join('\n'));
    } finally {
      await pair.close();
    }
  } finally {
    await stop();
  }
}

/** Takes pictures of both pages after each step. */
export function photographer(
  { builder, friend }: StudioPair,
  folder: string,
): (step: string) => Promise<void> {
  return async (step) => {
    await mkdir(folder, { recursive: true });
    const name = step.replaceAll(' ', '-');
    for (const [who, page] of Object.entries({ builder, friend }))
      await page.screenshot({ path: join(folder, `${name}-${who}.png`) });
  };
}
