import { type PageServer, pages } from '@weft/testing/browser';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { glbOfTable } from './glb-of-table.ts';
import { dropFiles, find, idle, opened, row, seen, waitFor } from './page-tools.ts';
import { serveForTests } from './serve.ts';

let studio: PageServer;

beforeAll(async () => {
  studio = await serveForTests();
});

afterAll(() => studio.close());

async function open(query: string, render = 'low'): Promise<Page> {
  const [page] = await pages(1, { width: 1200, height: 760 });
  await page.goto(`${studio.url}/test/index.html?time=fixed&render=${render}&${query}`);
  return page;
}

async function openWorld(query = 'case=full', render = 'low'): Promise<Page> {
  const page = await open(query, render);
  await opened(page);
  return page;
}

const canUndo = (page: Page) => page.evaluate(() => window.weft?.world.canUndo);
const pressCtrl = (page: Page, key: string) => page.keyboard.press(`Control+${key}`);

describe('building', () => {
  test('what is added stands where the view looks, is selected, and can be taken back', async () => {
    const page = await openWorld('case=empty');
    await page.getByRole('button', { name: 'Add a box' }).click();
    await waitFor(page, 'Box');
    expect((await seen(page, 'Box')).position).toEqual([0, 0.5, 0]);
    await expect(page.getByRole('textbox', { name: 'Name' }).inputValue()).resolves.toBe('Box');
    await pressCtrl(page, 'z');
    await waitFor(page, 'Box', false);
    await pressCtrl(page, 'Shift+z');
    await waitFor(page, 'Box');
  });

  test('a drag of the gizmo moves the object as it goes and is one step of undo', async () => {
    const page = await openWorld('case=empty');
    await page.getByRole('button', { name: 'Add a box' }).click();
    await waitFor(page, 'Box');
    await page.keyboard.press('f');
    await idle(page);
    const box = (await page.locator('main canvas').boundingBox()) ?? expect.fail('no view');
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y - 40);
    await page.mouse.down();
    for (let step = 1; step <= 10; step += 1) await page.mouse.move(x, y - 40 - step * 8);
    const { position: during } = await seen(page, 'Box');
    await page.mouse.up();
    const { position: after } = await seen(page, 'Box');
    expect(during[1]).toBeGreaterThan(0.5);
    expect(after[1]).toBeGreaterThanOrEqual(during[1] ?? 0);
    expect([after[0], after[2]]).toEqual([0, 0]);
    await pressCtrl(page, 'z');
    expect((await seen(page, 'Box')).position).toEqual([0, 0.5, 0]);
    await pressCtrl(page, 'z');
    await waitFor(page, 'Box', false);
    expect(await canUndo(page)).toBe(false);
  });

  test('a dropped model is shown; what is none is refused in words', async () => {
    const page = await openWorld('case=empty');
    await dropFiles(page, { 'table.glb': glbOfTable() });
    await waitFor(page, 'table');
    await idle(page);
    expect(await page.evaluate(() => window.weft?.view?.assets.map(({ state }) => state))).toEqual(['ready']);
    await dropFiles(page, { 'chair.glb': new TextEncoder().encode('not a model') });
    await page.getByRole('alert').getByText('Cannot use chair', { exact: true }).waitFor();
    expect(await find(page, 'chair')).toBeNull();
  });

  test('an object renamed and dragged in the list keeps its place in the world', async () => {
    const page = await openWorld();
    const before = await seen(page, 'Welcome sign');
    await row(page, 'Welcome sign').dblclick();
    await page.keyboard.type('Big sign');
    await page.keyboard.press('Enter');
    await waitFor(page, 'Big sign');
    await row(page, 'Big sign').dragTo(row(page, 'Lamps'));
    const after = await seen(page, 'Big sign');
    expect(after.parent).toBe((await seen(page, 'Lamps')).id);
    expect(after.position).toEqual(before.position);
  });

  test('each change is marked local and then durable, in the list and in all', async () => {
    const page = await openWorld('case=slow');
    await row(page, 'Ground').click();
    await pressCtrl(page, 'd');
    await page.locator('.tree-row [data-stage="local"]').waitFor();
    await expect(page.locator('[data-unsaved]').textContent()).resolves.toBe('1 unsaved');
    expect(await page.title()).toMatch(/^●/);
  });
});

describe('reaching everything by keys', () => {
  test('the list is walked, opened and renamed from', async () => {
    const page = await openWorld();
    await page.getByRole('tree').focus();
    for (const key of ['Home', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight']) {
      await page.keyboard.press(key);
    }
    await page.keyboard.press('F2');
    await page.keyboard.type('Pool');
    await page.keyboard.press('Enter');
    await waitFor(page, 'Pool');
    expect((await seen(page, 'Pool')).parent).toBe((await seen(page, 'Fountain')).id);
    expect(await find(page, 'Basin')).toBeNull();
  });

  test('without a 3D view the list and the inspector still edit', async () => {
    const page = await openWorld('case=full', 'off');
    await page.getByRole('heading', { name: 'The view is switched off' }).waitFor();
    await row(page, 'Ground').click();
    await page.getByRole('spinbutton', { name: 'Position Y' }).fill('-0,5');
    await page.keyboard.press('Enter');
    expect((await seen(page, 'Ground')).position).toEqual([0, -0.5, 0]);
    expect(await page.evaluate(() => window.weft?.view)).toBeNull();
  });
});

describe('refusing', () => {
  test('a visitor is told why, and looks around', async () => {
    const page = await openWorld('case=visitor');
    await page.getByRole('note').getByText('Visitors may not build here').waitFor();
    await expect(page.getByRole('button', { name: 'Add', exact: true }).isDisabled()).resolves.toBe(true);
    await row(page, 'Ground').click();
    await page.keyboard.press('Delete');
    await waitFor(page, 'Ground');
    await expect(
      page.getByRole('spinbutton', { name: 'Position X' }).getAttribute('readonly'),
    ).resolves.not.toBeNull();
  });

  test('a visitor moves what is grabbable with the gizmo, and reads what may not be moved', async () => {
    const page = await openWorld('case=visitor');
    const tool = (name: string) => page.getByRole('button', { name, exact: true });
    await row(page, 'Seating').click();
    await page.getByRole('note').getByText('Looking only.').waitFor();
    await expect(tool('Move').isDisabled()).resolves.toBe(true);
    await page.keyboard.press('ArrowRight');
    await row(page, 'Oak table').click();
    await page.getByRole('note').getByText('Yours to move.').waitFor();
    await expect(tool('Move').isEnabled()).resolves.toBe(true);
    await expect(tool('Scale').isDisabled()).resolves.toBe(true);
  });

  test('a locked object stays, and a message by its name says who can help', async () => {
    const page = await openWorld();
    await row(page, 'Vault').click();
    await page.keyboard.press('Delete');
    const message = page.getByRole('alert');
    await message.getByText('Cannot change “Vault”', { exact: true }).waitFor();
    await message.getByText('Ask a steward to unlock it.', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await message.waitFor({ state: 'detached' });
    await waitFor(page, 'Vault');
  });

  for (const [code, title] of [
    ['unreachable', 'The homeserver cannot be reached'],
    ['unknown-token', 'The sign-in is no longer valid'],
    ['not-a-world', 'This room is not a world'],
  ]) {
    test(`a page for ${code} says what to do next`, async () => {
      const page = await open(`case=${code}`);
      await page.getByRole('heading', { name: title ?? '' }).waitFor();
      await page.getByRole('button', { name: 'Sign in another way' }).click();
      await page.getByRole('heading', { name: 'Open a world' }).waitFor();
    });
  }
});

describe('others', () => {
  test('are named with what they do, in the list of people, in the tree and in the view', async () => {
    const page = await openWorld('case=shared&lane=relay&others=4');
    await page.getByRole('button', { name: 'People: 5 in the room, 4 here now' }).click();
    const lines = await page.getByRole('list', { name: 'People' }).getByRole('listitem').allTextContents();
    expect(lines.find((line) => line.includes('Bob'))).toMatch(
      /visitor · here now.*Has selected Bench and 1 more/,
    );
    expect(lines.at(-1)).toMatch(/guest\.3.*visitor · away/);
    await page.getByRole('button', { name: 'Has selected Bench and 1 more' }).click();
    await page.keyboard.press('Escape');
    await expect(row(page, 'Ground').getAttribute('aria-selected')).resolves.toBe('true');
    await row(page, 'Ground').getByText('Selected by Bob').waitFor();
    await row(page, 'Lamps').getByText('Mira Sato selected something inside').waitFor();
    await page.locator('.name-tag').getByText('Mira Sato').first().waitFor();
  });

  test('are reached as the badge says, in a word, and when it is opened in sentences', async () => {
    const page = await openWorld('case=empty&lane=killed');
    await page.getByRole('button', { name: 'Connection: Matrix only' }).click();
    const card = page.locator('.connection-popover .popover-card');
    expect(await card.textContent()).toMatch(/connection was lost.*room alone.*Durable.*saved in the room/);
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'detached' });
    expect(await page.getByRole('status').first().textContent()).toMatch(/^Matrix only\. .*room alone/);
  });
});

test('a world at rest is not drawn again', async () => {
  const page = await openWorld();
  const frames = () => page.evaluate(() => window.weft?.frames ?? -1);
  const before = await frames();
  expect(before).toBeGreaterThan(0);
  // As long as thirty frames would take a page that always draws.
  await page.evaluate(
    () =>
      new Promise<void>((done) => {
        let left = 30;
        const count = () => {
          left -= 1;
          if (left > 0) requestAnimationFrame(count);
          else done();
        };
        count();
      }),
  );
  expect(await frames()).toBe(before);
});
