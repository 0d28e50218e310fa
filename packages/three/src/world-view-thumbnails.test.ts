import { MAX_SHOWN_THUMBNAIL_SIDE } from '@weft/assets';
import type { ObjectId } from '@weft/core';
import { FakeTimers } from '@weft/testing';
import { pngHead } from '@weft/testing/gltf';
import { Mesh, MeshBasicMaterial, type Object3D, PerspectiveCamera, Scene, Sprite, Vector3 } from 'three';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeModel } from '../test/make-model.ts';
import { type TestScene, testScene } from '../test/scene-source.ts';
import { MAX_THUMBNAILS } from './asset/library.ts';
import { THUMBNAIL_AFTER_MS } from './asset/thumbnail-slot.ts';
import { WorldView } from './world-view.ts';

const BOUNDS = { min: [-1, 0, -0.5], max: [1, 1, 0.5] } as const;
const SMALL = pngHead(8, 8);

let world: TestScene;
let view: WorldView;
let timers: FakeTimers;
/** What is given for each address; what is not here never comes, and `null` fails. */
let files: Map<string, Uint8Array | null>;
let asked: string[];

beforeEach(() => {
  [world, timers, files, asked] = [testScene(), new FakeTimers(), new Map(), []];
  vi.stubGlobal('createImageBitmap', async () => ({ width: 8, height: 8 }));
  view = new WorldView(world.source, {
    scene: new Scene(),
    camera: new PerspectiveCamera(),
    media: null,
    timers,
    async loadAsset({ src }) {
      asked.push(src);
      const bytes = files.get(src);
      if (bytes === undefined) return new Promise(() => {});
      if (bytes === null) throw Object.assign(new Error('nobody has it'), { retry: true });
      return { bytes };
    },
  }).start();
});

afterEach(() => {
  view.dispose();
  vi.unstubAllGlobals();
});

const refTo = (src: string) => ({ src, sha256: '0'.repeat(64), bytes: 100 });

function addModel(src: string, small: string): ObjectId {
  return world.edit((e) => e.add({ mesh: { src, bounds: BOUNDS, thumbnail: refTo(small) } }));
}

function nodeOf(id: ObjectId): Object3D {
  return view.nodeOf(id) ?? expect.fail(`no node of ${id}`);
}

function previewOf(id: ObjectId): Sprite | null {
  let found: Sprite | null = null;
  nodeOf(id).traverse((node) => {
    if (node instanceof Sprite && node.visible) found = node;
  });
  return found;
}

describe('a model that is not there', () => {
  test('[AS83] shows its thumbnail in the box that stands for it, while it loads and where it failed', async () => {
    files.set('mxc://a/small', SMALL).set('mxc://a/lost', null);
    const [slow, lost] = [
      addModel('mxc://a/slow', 'mxc://a/small'),
      addModel('mxc://a/lost', 'mxc://a/small'),
    ];
    await timers.advance(THUMBNAIL_AFTER_MS);
    expect([previewOf(slow), previewOf(lost)]).toEqual([expect.any(Sprite), expect.any(Sprite)]);
    expect(previewOf(slow)?.material.map).toBe(previewOf(lost)?.material.map);
    expect(view.assets.map(({ src, state }) => [src, state])).toEqual([
      ['mxc://a/slow', 'loading'],
      ['mxc://a/lost', 'failed'],
    ]);
    // In nobody's way: the box is as large as the model, and a ray meets the box.
    expect(view.bounds(slow)?.max.toArray()).toEqual([1, 1, 0.5]);
    expect(view.cast(new Vector3(0.9, 0.5, 9), new Vector3(0, 0, -1), 20)?.point.z).toBe(0.5);
    expect(view.resources.thumbnails).toBe(1);
    view.dispose();
    expect(view.resources).toMatchObject({ thumbnails: 0, geometries: 0, materials: 0 });
  });

  test('[AS83] gives way to the model once it is there, which has none where it came at once', async () => {
    files.set('mxc://a/small', SMALL).set('mxc://a/ready', makeModel());
    const ready = addModel('mxc://a/ready', 'mxc://a/small');
    await vi.waitFor(() => expect(view.assets[0]?.state).toBe('ready'));
    await timers.advance(THUMBNAIL_AFTER_MS);
    expect([previewOf(ready), asked]).toEqual([null, ['mxc://a/ready']]);
    files.set('mxc://a/late', null);
    const late = addModel('mxc://a/late', 'mxc://a/small');
    await timers.advance(THUMBNAIL_AFTER_MS);
    expect(previewOf(late)).not.toBeNull();
    files.set('mxc://a/late', makeModel());
    view.retryAsset('mxc://a/late');
    await vi.waitFor(() => expect(view.assets[1]?.state).toBe('ready'));
    expect([previewOf(late), view.resources.thumbnails]).toEqual([null, 0]);
  });

  test('[AS83] a picture is its thumbnail, stretched over its plane, until it is there', async () => {
    files.set('mxc://a/small', SMALL);
    const id = world.edit((e) =>
      e.add({ image: { src: 'mxc://a/slow', thumbnail: refTo('mxc://a/small') } }),
    );
    await timers.advance(THUMBNAIL_AFTER_MS);
    const plane = nodeOf(id).children[0]?.children[0];
    if (!(plane instanceof Mesh && plane.material instanceof MeshBasicMaterial)) expect.fail('no plane');
    expect([plane.visible, plane.material.map !== null]).toEqual([true, true]);
    expect(view.assets).toMatchObject([{ src: 'mxc://a/slow', state: 'loading' }]);
  });

  test.each([
    ['is too large on one side', pngHead(MAX_SHOWN_THUMBNAIL_SIDE + 1, 1)],
    ['is a bomb', pngHead(65_535, 65_535)],
    ['has no pixels', pngHead(0, 8)],
    ['is no picture', new TextEncoder().encode('<svg onload="alert(1)"/>')],
    ['is empty', new Uint8Array()],
    ['is nowhere', null],
  ])('[AS84] a thumbnail that %s is none: no picture, no word, no second try', async (_, bytes) => {
    const decoded = vi.fn(async () => ({ width: 8, height: 8 }));
    vi.stubGlobal('createImageBitmap', decoded);
    files.set('mxc://a/small', bytes);
    const id = addModel('mxc://a/slow', 'mxc://a/small');
    await timers.advance(600_000);
    expect([previewOf(id), decoded.mock.calls.length]).toEqual([null, 0]);
    expect(asked).toEqual(['mxc://a/slow', 'mxc://a/small']);
    expect(view.assets).toMatchObject([{ src: 'mxc://a/slow', state: 'loading', reason: null }]);
  });

  test('[AS84] what was not to be had of thumbnails is tried again with the file, where a person asks for that', async () => {
    files.set('mxc://a/small', null).set('mxc://a/lost', null);
    const id = addModel('mxc://a/lost', 'mxc://a/small');
    await timers.advance(THUMBNAIL_AFTER_MS);
    expect(previewOf(id)).toBeNull();
    files.set('mxc://a/small', SMALL);
    view.retryAsset('mxc://a/lost');
    await timers.advance(THUMBNAIL_AFTER_MS);
    expect(previewOf(id)).not.toBeNull();
  });

  test('[AS84] so many thumbnails are held at once and not one more, and those that never come hold up no file', async () => {
    const ids = Array.from({ length: MAX_THUMBNAILS + 1 }, (_, at) => {
      files.set(`mxc://a/small-${at}`, SMALL).set(`mxc://a/lost-${at}`, null);
      return addModel(`mxc://a/lost-${at}`, `mxc://a/small-${at}`);
    });
    await timers.advance(THUMBNAIL_AFTER_MS);
    expect(ids.filter((id) => previewOf(id) !== null)).toHaveLength(MAX_THUMBNAILS);
    world.edit((e) => {
      for (const id of ids) e.remove(id);
    });
    for (let at = 0; at < 8; at += 1) addModel(`mxc://a/lost-${at}`, `mxc://a/never-${at}`);
    await timers.advance(THUMBNAIL_AFTER_MS);
    files.set('mxc://a/ready', makeModel());
    addModel('mxc://a/ready', 'mxc://a/never');
    await vi.waitFor(() =>
      expect(view.assets.find(({ src }) => src === 'mxc://a/ready')?.state).toBe('ready'),
    );
  });
});
