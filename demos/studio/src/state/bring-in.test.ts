import { Turns } from '@weft/assets';
import { type ObjectId, ROOT } from '@weft/core';
import { houseGlb, pngHead, triangleBytes, triangleDocument, triangleGlb } from '@weft/testing/gltf';
import { describe, expect, it } from 'vitest';
import { memoryWorld } from '../../test/memory-world.ts';
import { bringIn } from './bring-in.ts';
import { countParts } from './count-parts.ts';
import { exporting } from './exporting.ts';
import { publishing } from './publishing.ts';
import { Questions } from './questions.ts';
import type { StudioWorld } from './studio-world.ts';
import { Toasts } from './toasts.ts';

const HOUSE = houseGlb();
const fileOf = (bytes: Uint8Array, name: string) => new File([Uint8Array.from(bytes)], name);

function setUp() {
  const world = memoryWorld({ durableAfterMs: 0 });
  const toasts = new Toasts(() => null);
  const said: string[] = [];
  const shown = () => toasts.list.value.map(({ headline }) => headline);
  const bring = (bytes: Uint8Array, as: 'one' | 'parts') =>
    publishing('house.glb', toasts, new Turns(2), (how) =>
      bringIn(world, fileOf(bytes, 'house.glb'), [1, 0, 2], [], as, {
        ...how,
        say: (doing) => {
          said.push(doing);
          how.say(doing);
        },
      }),
    );
  return { world, toasts, said, shown, bring };
}

const names = (world: StudioWorld, id: ObjectId | typeof ROOT): unknown =>
  world.children(id).map((child) => [world.get(child)?.node?.name, names(world, child)]);

describe('a picture', () => {
  it('[AS83] is put in with the thumbnail that was stored beside it, and a sound without', async () => {
    const { world, toasts } = setUp();
    const thumbnail = { src: 'mxc://example.org/small', sha256: '0a'.repeat(32), bytes: 900 };
    const asked: unknown[] = [];
    const publish: StudioWorld['publish'] = async (file, options) => {
      asked.push(options?.thumbnail);
      return {
        ...(await world.publish(file, options)),
        thumbnail: options?.thumbnail === true ? thumbnail : null,
      };
    };
    const bring = (bytes: Uint8Array, name: string) =>
      publishing(name, toasts, new Turns(2), (how) =>
        bringIn({ ...world, publish }, fileOf(bytes, name), [0, 0, 0], [], 'one', how),
      );
    const sign = await bring(pngHead(8, 8), 'sign.png');
    expect(world.get(sign ?? ROOT)?.image?.thumbnail).toEqual(thumbnail);
    const sound = await bring(new TextEncoder().encode('fLaC\0\0\0\0'), 'tone.flac');
    expect(world.get(sound ?? ROOT)?.component('audio')).toMatchObject({
      src: expect.stringMatching(/^mxc:/),
    });
    expect(asked).toEqual([true, false]);
  });
});

describe('a model of several parts', () => {
  it('[AS78] becomes one object, or an object for each part in one group, which one undo takes back', async () => {
    const { world, said, shown, bring } = setUp();
    const whole = await bring(HOUSE, 'one');
    expect(names(world, ROOT)).toEqual([['house', []]]);
    expect(world.get(whole ?? ROOT)?.mesh?.src).toMatch(/^mxc:/);
    world.undo();
    const group = await bring(HOUSE, 'parts');
    expect(names(world, ROOT)).toEqual([
      [
        'house',
        [
          [
            'House',
            [
              ['Door', []],
              ['Roof', []],
            ],
          ],
        ],
      ],
    ]);
    expect(world.get(group ?? ROOT)?.transform?.position).toEqual([1, 0, 2]);
    expect(said).toEqual([
      'taking it apart',
      'taking it apart, 1 of 1 files',
      expect.stringMatching(/^uploading \d+ KiB$/),
      'uploading, 1 of 1 files',
    ]);
    expect(shown().at(-1)).toMatch(/^house.glb was added: 3 objects, 1 file of \d+ KiB$/);
    world.undo();
    expect(world.children(ROOT)).toEqual([]);
  });

  it('[AS78] adds nothing where it is given up or cannot be read, and says so', async () => {
    const { world, toasts, shown, bring } = setUp();
    const given = bring(HOUSE, 'parts');
    toasts.list.value[0]?.action?.run();
    expect(await given).toBeNull();
    // A note, which goes by itself before a busy machine is done with the next file.
    expect(shown()).toEqual(['house.glb was not added']);
    expect(await bring(HOUSE.subarray(0, 40), 'parts')).toBeNull();
    expect(shown().at(-1)).toBe('Cannot use house');
    expect(world.children(ROOT)).toEqual([]);
  });

  it('[AS78] is asked about only where it has several parts, and one question after another', async () => {
    expect(await countParts(fileOf(HOUSE, 'house.glb'), [])).toBe(3);
    expect(await countParts(fileOf(triangleGlb(), 'sign.glb'), [])).toBe(1);
    const text = JSON.stringify({
      ...triangleDocument(),
      nodes: [{}, {}],
      buffers: [{ byteLength: 36, uri: 'a.bin' }],
    });
    const beside = [fileOf(triangleBytes(), 'a.bin')];
    expect(await countParts(fileOf(new TextEncoder().encode(text), 'sign.gltf'), beside)).toBe(2);
    expect(await countParts(fileOf(new TextEncoder().encode(text), 'sign.gltf'), [])).toBe(0);
    expect(await countParts(fileOf(new Uint8Array(9), 'noise.png'), [])).toBe(0);
    const questions = new Questions();
    const ask = (headline: string) =>
      questions.ask({ headline, explanation: '', answers: [{ value: 'yes', label: 'Yes', hint: '' }] });
    const [first, second] = [ask('One?'), ask('Two?')];
    await expect.poll(() => questions.current.value?.headline).toBe('One?');
    questions.current.value?.settle('yes');
    expect(await first).toBe('yes');
    await expect.poll(() => questions.current.value?.headline).toBe('Two?');
    questions.current.value?.settle(null);
    expect([await second, questions.current.value]).toEqual([null, null]);
  });
});

describe('an export', () => {
  it('[AS79] saves the world or what is selected, by its name, and tells what it does not show', async () => {
    const { world, toasts, shown } = setUp();
    const saved: { readonly name: string; readonly bytes: Uint8Array }[] = [];
    const save = (bytes: Uint8Array, name: string) => void saved.push({ name, bytes });
    const { value: cup } = world.edit('add', (e) => {
      e.add({ node: { name: 'Lost' }, mesh: { src: 'mxc://example.org/gone' } });
      return e.add({ node: { name: 'Cup' }, primitive: { shape: 'cylinder' } });
    });
    await exporting(world, null, 'Kate’s plaza / 2', toasts, new Turns(2), save);
    expect(toasts.list.value).toMatchObject([
      {
        headline: expect.stringMatching(/^Kate-s-plaza-2.glb was written: 2 objects, 0 models, \d+ KiB$/),
        reason: expect.stringContaining('“Lost”: its model is left out'),
      },
    ]);
    await exporting(world, [cup], '…', toasts, new Turns(2), save);
    expect(shown().at(-1)).toMatch(/^world.glb was written: 1 object, 0 models/);
    expect(saved.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes.subarray(0, 4))])).toEqual([
      ['Kate-s-plaza-2.glb', 'glTF'],
      ['world.glb', 'glTF'],
    ]);
  });

  it('[AS79] saves nothing where it is cancelled, or where nothing is there, and says so', async () => {
    const { world, toasts, shown } = setUp();
    const save = () => expect.fail('saved');
    await exporting(world, null, 'Plaza', toasts, new Turns(2), save);
    expect(shown()).toEqual([expect.stringContaining('Cannot export the world')]);
    world.edit('add', (e) => e.add({ primitive: {} }));
    const cancelled = exporting(world, null, 'Plaza', toasts, new Turns(2), save);
    toasts.list.value.at(-1)?.action?.run();
    await cancelled;
    expect(shown().at(-1)).toBe('Plaza.glb was not written');
  });
});
