import { LANE_DEADLINE_MS, type LaneClient, SAVED_DEADLINE_MS, SEEN_DEADLINE_MS } from '@weft/cli/check';
import { linearFromHex } from '@weft/core';
import type { Page } from 'playwright-core';
import { until } from '../wait/until.ts';
import { colourShare } from './colour-share.ts';

/** How much of the view an object has to colour until it counts as seen. */
const MIN_SHARE = 0.02;
/** Between what was asked for and what a page says: colours are numbers there. */
const TOLERANCE = 1e-3;

/** A page of the studio as a client that tries the lane: what it paints it paints as people do, what it sees is on its screen. */
export function pageClient(name: string, page: Page, paints: string): LaneClient {
  return {
    name,
    paints,
    async paint(colour) {
      await page.getByRole('treeitem', { name: paints }).first().click();
      // Others may have it before it shows here: what counts is when the person chose it.
      const chosen = page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const choose = () => resolve(performance.timeOrigin + performance.now());
            addEventListener('input', choose, { capture: true, once: true });
          }),
      );
      await page.locator('input[type="color"][aria-label="Colour"]').fill(colour);
      await showsIn(page, paints, colour);
      return chosen;
    },
    async untilHeld() {
      await page.waitForFunction(
        (object) => {
          const world = window.weftProbe?.world;
          const id = world?.query({ name: object }).objects[0]?.id;
          return id !== undefined && world?.stage(id) !== 'local';
        },
        paints,
        { timeout: SEEN_DEADLINE_MS },
      );
    },
    async sees(object, colour) {
      const whenMs = await showsIn(page, object, colour);
      await until(async () => (await colourShare(page, colour)) >= MIN_SHARE, {
        what: `${colour} in the view of the ${name}`,
        withinMs: SEEN_DEADLINE_MS,
      });
      return whenMs;
    },
    async untilLane(way) {
      await page.waitForFunction(
        (wanted) => {
          const badge = document.querySelector<HTMLElement>('[data-lane]');
          return badge !== null && (badge.dataset.lane === 'relay') === (wanted === 'relay');
        },
        way,
        { timeout: LANE_DEADLINE_MS },
      );
      return (await page.locator('.status-badge [role="status"]').textContent()) ?? '';
    },
    async untilSaved() {
      await page.waitForFunction(() => window.weftProbe?.world.status.value.unsaved === 0, null, {
        timeout: SAVED_DEADLINE_MS,
      });
    },
    hash: () => page.evaluate(() => window.weftProbe?.world.hash() ?? ''),
  };
}

/** Resolves when the page's world has it, by the page's clock, which is this machine's. */
function showsIn(page: Page, object: string, colour: string): Promise<number> {
  const wanted = linearFromHex(colour);
  if (wanted === null) throw new TypeError(`${colour} is not #rrggbb`);
  return page.evaluate(
    ({ name, linear, deadlineMs, tolerance }) =>
      new Promise<number>((resolve, reject) => {
        const world = window.weftProbe?.world;
        const id = world?.query({ name }).objects[0]?.id;
        if (world === undefined || id === undefined) return reject(new Error(`There is no ${name}.`));
        const isSo = () => {
          const factors = world.get(id)?.material?.baseColorFactor ?? [];
          return linear.every((channel, at) => Math.abs(channel - (factors[at] ?? -1)) < tolerance);
        };
        const look = () => {
          if (!isSo()) return;
          stop();
          clearTimeout(timer);
          resolve(performance.timeOrigin + performance.now());
        };
        const timer = setTimeout(() => {
          stop();
          reject(new Error(`${name} did not become ${linear} in ${deadlineMs} ms.`));
        }, deadlineMs);
        const stop = world.on('change', look);
        look();
      }),
    { name: object, linear: [...wanted], deadlineMs: SEEN_DEADLINE_MS, tolerance: TOLERANCE },
  );
}
