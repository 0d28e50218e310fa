import { type PageServer, pages } from '@weft/testing/browser';
import { makeGlb, triangleDocument } from '@weft/testing/gltf';
import { type Account, synapse } from '@weft/testing/synapse';
import { createWorld, type RoomId } from '@weft/world';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { glbOfTable } from './glb-of-table.ts';
import { dropFiles, find, idle, middleOf, opened, row, seen, waitFor } from './page-tools.ts';
import { serveForTests } from './serve.ts';

const BUILDER_LEVEL = 25;

let studio: PageServer;
let owner: Account;
let builder: Account;
let visitor: Account;

beforeAll(async () => {
  const server = await synapse();
  studio = await serveForTests();
  [owner, builder, visitor] = await Promise.all([
    server.account('owner'),
    server.account('builder'),
    server.account('visitor'),
  ]);
});

afterAll(() => studio.close());

async function newWorld(): Promise<RoomId> {
  const { homeserver, token } = owner;
  const world = await createWorld({
    login: { homeserver, token },
    title: 'Plaza',
    invite: [builder.userId, visitor.userId],
    levels: { [builder.userId]: BUILDER_LEVEL },
  });
  await world.close();
  return world.room;
}

async function enter(page: Page, { homeserver, token }: Account, world: string): Promise<void> {
  const fragment = new URLSearchParams({ homeserver, token, world });
  await page.goto(`${studio.url}/?render=low&time=fixed#${fragment}`);
  await opened(page);
  expect(page.url()).not.toContain(token);
}

async function twoWindows(): Promise<readonly [builder: Page, visitor: Page]> {
  const room = await newWorld();
  const [a, b] = await pages(2, { width: 900, height: 600 });
  await Promise.all([enter(a, builder, room), enter(b, visitor, room)]);
  return [a, b];
}

const saved = (page: Page) => page.waitForFunction(() => window.weft?.world.status.value.unsaved === 0);

describe('two windows on one world', () => {
  test('what one adds, the other sees in its list and in its view', async () => {
    const [a, b] = await twoWindows();
    const before = await middleOf(b);
    await a.getByRole('button', { name: 'Add a box' }).click();
    await waitFor(b, 'Box');
    await idle(b);
    expect(await middleOf(b)).not.toEqual(before);
    await row(b, 'Box').waitFor();
    await saved(a);
    await row(a, 'Box').locator('[data-stage="durable"]').waitFor();
    await a.keyboard.press('Control+z');
    await waitFor(b, 'Box', false);
    await idle(b);
    expect(await middleOf(b)).toEqual(before);
  });

  test('[AS83] a model dropped in one is fetched and drawn in the other, and its thumbnail stands in both lists', async () => {
    const [a, b] = await twoWindows();
    await dropFiles(a, { 'table.glb': glbOfTable() });
    await waitFor(b, 'table');
    await idle(b);
    for (const page of [a, b]) {
      await row(page, 'table').locator('canvas.thumbnail').waitFor();
      await row(page, 'table').click();
      await page.getByLabel('Inspector').locator('canvas.thumbnail').waitFor();
    }
    expect(
      await b.evaluate(() => window.weft?.view?.assets.map(({ src, state }) => [src.slice(0, 6), state])),
    ).toEqual([['mxc://', 'ready']]);
  });

  test('[AS64] a model is made smaller by a worker of the page that publishes it, [AS76] drawn small, and [AS82] told of as it leaves', async () => {
    const [a] = await twoWindows();
    const glb = [...gridGlb(40)];
    const published = await a.evaluate(async (bytes) => {
      const sent: (readonly [sent: number, all: number])[] = [];
      const asset = await window.weft?.world.publish(Uint8Array.from(bytes), {
        ...{ optimise: true, thumbnail: true },
        onProgress: (told) => {
          if (told.step === 'sending') sent.push([told.sentBytes, told.bytes]);
        },
      });
      const { savings, report, src, thumbnail, notes } = asset ?? {};
      return { savings, isValid: report?.isValid, src, thumbnail, notes, last: sent.at(-1) };
    }, glb);
    expect(published).toMatchObject({
      savings: { beforeBytes: glb.length, isKept: true },
      isValid: true,
      src: expect.stringMatching(/^mxc:/),
      thumbnail: { src: expect.stringMatching(/^mxc:/), type: 'image/png' },
      notes: [],
    });
    const after = published.savings?.afterBytes;
    expect(published.last).toEqual([after, after]);
    expect(published.savings?.afterBytes).toBeLessThan(glb.length / 3);
  });

  test('a visitor sees who is there, may change nothing, and reads why', async () => {
    const [a, b] = await twoWindows();
    await b.getByRole('note').getByText('Looking only.').waitFor();
    await expect(b.getByRole('button', { name: 'Add', exact: true }).isDisabled()).resolves.toBe(true);
    for (const page of [a, b]) {
      const names = await page.evaluate(() => window.weft?.world.people.value.map(({ user }) => user).sort());
      expect(names).toEqual([builder.userId, owner.userId, visitor.userId].sort());
    }
    const refusal = await b.evaluate(() => {
      try {
        window.weft?.world.edit('try', (e) => e.add({}));
        return 'not refused';
      } catch (error) {
        return String(error);
      }
    });
    expect(refusal).toMatch(/Ask .* to make you a builder/);
  });

  test('everything is there again after a reload', async () => {
    const [a] = await twoWindows();
    await a.getByRole('button', { name: 'Add a box' }).click();
    await waitFor(a, 'Box');
    await saved(a);
    const before = await seen(a, 'Box');
    await a.reload();
    await opened(a);
    expect(await seen(a, 'Box')).toEqual({ ...before, stage: 'durable' });
  });
});

test('a wrong token and a missing world have a page with a next step', async () => {
  const [a, b] = await pages(2);
  const fragment = (over: Record<string, string>) =>
    new URLSearchParams({
      homeserver: owner.homeserver,
      token: owner.token,
      world: '!none:localhost',
      ...over,
    });
  await a.goto(`${studio.url}/#${fragment({ token: 'wrong' })}`);
  await a.getByRole('heading', { name: 'The sign-in is no longer valid' }).waitFor();
  await b.goto(`${studio.url}/#${fragment({})}`);
  await b.getByRole('button', { name: 'Try again' }).waitFor();
  expect(await find(b, 'anything').catch(() => null)).toBeNull();
});

/** A square of triangles, each with vertices of its own. */
function gridGlb(cells: number): Uint8Array {
  const corners = [0, 0, 0, 1, 1, 0, 1, 0, 0, 1, 1, 1] as const;
  const positions: number[] = [];
  for (let cell = 0; cell < cells * cells; cell += 1) {
    for (let corner = 0; corner < corners.length; corner += 2) {
      const x = (cell % cells) + (corners[corner] ?? 0);
      positions.push(x, 0, Math.floor(cell / cells) + (corners[corner + 1] ?? 0));
    }
  }
  const bin = new Uint8Array(new Float32Array(positions).buffer);
  const [bounds, count] = [{ min: [0, 0, 0], max: [cells, 0, cells] }, positions.length / 3];
  return makeGlb(
    {
      ...triangleDocument(),
      accessors: [{ bufferView: 0, componentType: 5126, count, type: 'VEC3', ...bounds }],
      bufferViews: [{ buffer: 0, byteLength: bin.length }],
      buffers: [{ byteLength: bin.length }],
    },
    bin,
  );
}
