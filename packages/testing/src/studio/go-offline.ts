import { type CheckSteps, LANE_DEADLINE_MS, SEEN_DEADLINE_MS } from '@weft/cli/check';
import type { Page } from 'playwright-core';
import { until } from '../wait/until.ts';
import type { StudioPair } from './studio-pair.ts';

/** Half of what a page waits that is not told by its browser. */
const OFFLINE_DEADLINE_MS = 15_000;
/** Other than what anything had before. */
const COLOURS = ['#1098ad', '#f08c00'] as const;

/**
 * Cuts one page of two from the network, as a cable that is pulled would: its socket stays open and silent. Both go on
 * editing, and one thing is edited by both. Back on the network, all of it comes together.
 */
export async function goOffline(pair: StudioPair, steps: CheckSteps, seconds: number): Promise<void> {
  const { builder, friend, clients, reopen } = pair;
  const [first, second] = clients;
  if (first === undefined || second === undefined) throw new RangeError('a pair is two');
  await Promise.all(clients.map((client) => client.untilLane('relay')));
  let edits = 0;
  await steps.run('offline', async () => {
    await friend.context().setOffline(true);
    const cutMs = performance.now();
    await second.untilLane('not relay');
    const knownMs = Math.round(performance.now() - cutMs);
    await friend.locator('[data-lane="offline"]').waitFor({ timeout: OFFLINE_DEADLINE_MS });
    const offlineMs = Math.round(performance.now() - cutMs);
    await rename(friend, 'Named offline');
    const fromMs = performance.now();
    do {
      const colour = COLOURS[edits % COLOURS.length] ?? COLOURS[0];
      await Promise.all(clients.map((client) => client.paint(colour)));
      edits += 1;
    } while (performance.now() - fromMs < seconds * 1000);
    await rename(builder, 'Named by the builder');
    const unsaved = await friend.locator('.saved').textContent();
    return {
      detail: `the lane is known to be silent after ${knownMs} ms, the badge says offline after ${offlineMs} ms; ${edits + 1} edits on each side; the friend’s page says “${unsaved}”`,
      value: null,
      figures: { knownMs, offlineMs, editsOnEachSide: edits + 1 },
    };
  });
  await steps.run('online', async () => {
    const backMs = performance.now();
    await friend.context().setOffline(false);
    await Promise.all(clients.map((client) => client.untilLane('relay')));
    const laneMs = Math.round(performance.now() - backMs);
    const last = COLOURS[(edits - 1) % COLOURS.length] ?? COLOURS[0];
    await Promise.all([first.sees(second.paints ?? '', last), second.sees(first.paints ?? '', last)]);
    const mergedMs = Math.round(performance.now() - backMs);
    const notice = friend.getByRole('log').getByText('later change replaced yours');
    await notice.waitFor({ timeout: SEEN_DEADLINE_MS });
    return {
      detail: `on the relay again after ${laneMs} ms, all edits seen on both sides after ${mergedMs} ms; the friend reads “${await notice.textContent()}”`,
      value: null,
      figures: { laneMs, mergedMs },
    };
  });
  await steps.run('merged', async () => {
    await Promise.all(clients.map((client) => client.untilSaved()));
    let hashes: readonly string[] = [];
    await until(
      async () => {
        hashes = await Promise.all([...clients.map((client) => client.hash()), reopen()]);
        return new Set(hashes).size === 1;
      },
      { what: 'the same scene at both and in the room', withinMs: LANE_DEADLINE_MS },
    );
    return { detail: `nothing unsaved; both see ${hashes[0]?.slice(0, 12)}, as does the room`, value: null };
  });
}

/** Both name one bench while they cannot hear each other; whoever does it later stays. As people do: in the inspector. */
async function rename(page: Page, name: string): Promise<void> {
  await page
    .locator('.tree-row')
    .filter({ hasText: /^(Bench 1|Named)/ })
    .first()
    .click();
  await page.getByRole('textbox', { name: 'Name' }).fill(name);
  await page.keyboard.press('Enter');
  await page.locator('.tree-row', { hasText: name }).waitFor();
}
